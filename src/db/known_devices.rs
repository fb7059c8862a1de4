//! `known_devices`: from where an account was signed in to before.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::known_devices;
use super::{AtMostOne, Conn};

/// When an account was last signed in to from this device, if ever.
pub fn find_last_seen(
    conn: &mut Conn,
    user_id: &str,
    hash: &[u8],
) -> QueryResult<Option<NaiveDateTime>> {
    known_devices::table
        .find((user_id, hash))
        .select(known_devices::last_seen_at)
        .at_most_one(conn)
}

/// The devices of an account that are over `cap`, the most recently seen ones being kept.
pub fn list_over(conn: &mut Conn, user_id: &str, cap: usize) -> QueryResult<Vec<Vec<u8>>> {
    let mut hashes: Vec<Vec<u8>> = known_devices::table
        .filter(known_devices::user_id.eq(user_id))
        .order((known_devices::last_seen_at.desc(), known_devices::hash))
        .select(known_devices::hash)
        .load(conn)?;
    Ok(hashes.split_off(cap.min(hashes.len())))
}

/// Adds a device.
pub fn insert(
    conn: &mut Conn,
    user_id: &str,
    hash: &[u8],
    last_seen_at: NaiveDateTime,
) -> QueryResult<()> {
    diesel::insert_into(known_devices::table)
        .values((
            known_devices::user_id.eq(user_id),
            known_devices::hash.eq(hash),
            known_devices::last_seen_at.eq(last_seen_at),
        ))
        .execute(conn)
        .map(drop)
}

/// Records that a device was seen again.
pub fn update_last_seen(
    conn: &mut Conn,
    user_id: &str,
    hash: &[u8],
    last_seen_at: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(known_devices::table.find((user_id, hash)))
        .set(known_devices::last_seen_at.eq(last_seen_at))
        .execute(conn)
}

/// Forgets a device.
pub fn delete(conn: &mut Conn, user_id: &str, hash: &[u8]) -> QueryResult<usize> {
    diesel::delete(known_devices::table.find((user_id, hash))).execute(conn)
}

/// Forgets the devices that were not seen since `before`.
pub fn delete_older(conn: &mut Conn, before: NaiveDateTime) -> QueryResult<usize> {
    diesel::delete(known_devices::table.filter(known_devices::last_seen_at.lt(before)))
        .execute(conn)
}
