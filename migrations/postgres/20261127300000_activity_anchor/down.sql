DROP TABLE activity_anchor;
