DROP TABLE requirement_rounds;
