//! Whatever ends, ends at its instant: a microsecond before it works, and at it it does not.

use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};
use countersign::accounts::links::{self, Purpose as LinkPurpose};
use countersign::accounts::sessions::{self, SessionKind};
use countersign::accounts::sign_in::{self, SignedIn};
use countersign::accounts::throttle;
use countersign::accounts::tokens::Tokens;
use countersign::activity::{Door, Origin};
use countersign::crypto::password::Password;
use countersign::crypto::token::{Kind, Token};
use countersign::db::magic_links::MagicLink;
use countersign::db::session_tokens::{self, SessionToken};
use countersign::db::users::{self, User};
use countersign::mfa::magic_link::{self, State};
use countersign::mfa::passkey::{self, Holder, Purpose};
use countersign::mfa::{Error, backup_codes, totp};

use super::world::{PASSWORD, World, noon};

const MOMENT: TimeDelta = TimeDelta::microseconds(1);

/// Asserts that something works until `end` and no longer.
fn ends_at(end: NaiveDateTime, mut works: impl FnMut(NaiveDateTime) -> bool) {
    assert!(works(end - MOMENT), "a moment before {end}");
    assert!(!works(end), "at {end}");
    assert!(!works(end + MOMENT), "a moment after {end}");
}

fn sign_in(world: &World, user: &User, kind: SessionKind) -> SignedIn {
    let origin = Origin::local(Door::Api);
    let password = Password::new(PASSWORD.to_owned());
    let signing_in = sign_in::with_password(&world.app, &origin, kind, &user.email, password);
    world.runtime.block_on(signing_in).unwrap()
}

#[test]
fn tokens_and_sessions() {
    let mut world = World::new();
    let app = world.app.clone();
    let user = world.person(None);
    let signed_in = sign_in(&world, &user, SessionKind::Api);
    let Tokens::Pair(pair) = &signed_in.tokens else {
        panic!("no pair");
    };
    let access = pair.access.expose();
    let is_known = |world: &mut World, text: &str, at| {
        sessions::authenticate_bearer(&mut world.conn, &app, text, at)
            .unwrap()
            .is_some()
    };
    ends_at(pair.access_expires_at, |at| {
        is_known(&mut world, access, at)
    });

    // A token that would outlive its session.
    let session = &signed_in.caller.session;
    let token = Token::new(Kind::Access).unwrap();
    let row = SessionToken {
        hash: token.hash().to_vec(),
        session_id: session.id.clone(),
        kind: "access".to_owned(),
        created_at: session.created_at,
        expires_at: session.expires_at + TimeDelta::days(1),
        consumed_at: None,
        successor: None,
    };
    world.write(|conn| session_tokens::insert(conn, &row).unwrap());
    let long = token.expose();
    ends_at(session.expires_at, |at| is_known(&mut world, long, at));

    // Another epoch has begun.
    world.write(|conn| users::raise_epoch(conn, &user.id, noon()).unwrap());
    assert!(!is_known(&mut world, long, session.created_at));
}

#[test]
fn an_idle_browser_and_the_time_it_was_last_seen() {
    let mut world = World::new();
    let app = world.app.clone();
    let user = world.person(None);
    let signed_in = sign_in(&world, &user, SessionKind::Browser);
    let Tokens::Cookie(cookies) = &signed_in.tokens else {
        panic!("no cookie");
    };
    let (text, session) = (cookies.session.expose(), &signed_in.caller.session);
    let idle = session.last_seen_at + app.config.lifetimes.session_idle;
    ends_at(idle, |at| {
        sessions::authenticate_cookie(&mut world.conn, &app, text, at)
            .unwrap()
            .is_some()
    });
    let due = session.last_seen_at + TimeDelta::minutes(1);
    ends_at(due, |at| !sessions::is_due_for_last_seen(session, at));
}

#[test]
fn a_proof() {
    let mut world = World::new();
    let user = world.person(None);
    let caller = sign_in(&world, &user, SessionKind::Api).caller;
    let (ttl, proved) = (
        Duration::from_secs(600),
        caller.session.password_at.unwrap(),
    );
    ends_at(proved + ttl, |at| caller.has_fresh_proof(ttl, at));
    ends_at(proved + ttl, |at| caller.has_strong_proof(ttl, at));
    let mut owing = caller.clone();
    owing.status.owes_factor = true;
    assert!(
        !owing.has_fresh_proof(ttl, proved),
        "a password is no second factor"
    );
    owing.session.factor_at = Some(proved);
    owing.session.factor = Some("totp".to_owned());
    ends_at(proved + ttl, |at| owing.has_strong_proof(ttl, at));
    owing.session.factor = Some("backup_code".to_owned());
    assert!(owing.has_fresh_proof(ttl, proved) && !owing.has_strong_proof(ttl, proved));
    assert!(owing.used_backup_code() && !caller.used_backup_code());
}

#[test]
fn a_link() {
    let mut world = World::new();
    let user = world.person(None);
    let (origin, keys) = (Origin::local(Door::Cli), world.app.keys.clone());
    let purpose = LinkPurpose::ChoosePassword;
    let link = world
        .write(|conn| links::issue(conn, &keys, &origin, purpose, Some(&user), noon()).unwrap());
    assert_eq!(link.expires_at, noon() + TimeDelta::hours(1));
    let text = link.token.expose().to_owned();
    ends_at(link.expires_at, |at| {
        links::find(&mut world.conn, purpose, &text, at).is_ok()
    });
    let other = LinkPurpose::ChangeAddress;
    assert!(links::find(&mut world.conn, other, &text, noon()).is_err());
    let consume = |world: &mut World| {
        world.write(|conn| links::consume(conn, purpose, &text, noon()).is_ok())
    };
    assert!(consume(&mut world) && !consume(&mut world), "once");
}

#[test]
fn a_mailed_code() {
    let end = noon() + TimeDelta::minutes(10);
    let mut link = MagicLink {
        id: "1".to_owned(),
        user_id: "u".to_owned(),
        session_id: "s".to_owned(),
        purpose: "prove".to_owned(),
        address: "ada@example.com".to_owned(),
        token_hash: Vec::new(),
        code_hash: String::new(),
        return_to: String::new(),
        wrong: 0,
        created_at: noon(),
        expires_at: end,
        sent_at: Some(noon()),
        used_at: None,
        replaced_at: None,
    };
    ends_at(end, |at| magic_link::state(&link, at) == State::Live);
    link.replaced_at = Some(end);
    assert_eq!(magic_link::state(&link, noon()), State::Replaced(end));
    link.used_at = Some(noon());
    assert_eq!(magic_link::state(&link, noon()), State::Used(noon()));
}

#[test]
fn a_set_up_and_the_time_for_which_codes_are_shown() {
    let mut world = World::new();
    let keys = world.app.keys.clone();
    let user = world.person(None);
    let session = sign_in(&world, &user, SessionKind::Api).caller.session.id;
    let end = noon() + TimeDelta::minutes(15);
    let waits = |world: &mut World, session: &str, at| {
        totp::find_setup(&mut world.conn, &keys, &user, session, at).is_ok()
    };
    world.write(|conn| totp::start_setup(conn, &keys, &user, &session, noon(), end).unwrap());
    ends_at(end, |at| waits(&mut world, &session, at));
    assert!(!waits(&mut world, "another", noon()));

    let codes = backup_codes::generate().unwrap();
    let hashes = vec![String::new(); codes.len()];
    world.write(|conn| {
        let id = &user.id;
        let set = backup_codes::store(conn, &keys, id, &session, &codes, hashes, noon()).unwrap();
        backup_codes::activate(conn, &set, noon()).unwrap();
    });
    let shown = |world: &mut World, session: &str, at| {
        let conn = &mut world.conn;
        let shown = backup_codes::show(conn, &keys, &user.id, session, at).unwrap();
        shown.map(|shown| shown.codes)
    };
    assert_eq!(shown(&mut world, &session, noon()), Some(codes));
    assert_eq!(shown(&mut world, "another", noon()), None);
    let end = noon() + TimeDelta::minutes(10);
    ends_at(end, |at| shown(&mut world, &session, at).is_some());
}

#[test]
fn a_wait_after_wrong_passwords() {
    let mut world = World::new();
    let key = throttle::key(&world.app.keys, "ada@example.com");
    let fail = |world: &mut World, free| {
        world.write(|conn| throttle::count_failure(conn, &key, free, noon()).unwrap());
    };
    for _ in 0..5 {
        assert!(throttle::admit(&mut world.conn, &key, noon()).is_ok());
        fail(&mut world, Some(5));
    }
    let second = noon() + TimeDelta::seconds(1);
    ends_at(second, |at| {
        throttle::admit(&mut world.conn, &key, at).is_err()
    });
    fail(&mut world, None);
    assert!(
        throttle::admit(&mut world.conn, &key, second).is_ok(),
        "no waits, no wait"
    );
}

#[test]
fn a_challenge_which_only_its_holder_answers_for_its_purpose_and_once() {
    let mut world = World::new();
    let app = world.app.clone();
    let user = world.person(None);
    let session = sign_in(&world, &user, SessionKind::Api).caller.session.id;
    let other = sign_in(&world, &user, SessionKind::Api).caller.session.id;
    let own = Holder::session(&user.id, &session);
    let ask = |world: &mut World, holder: &Holder<'_>| {
        let rp = app.relying_party().unwrap();
        let options = world.write(|conn| {
            passkey::start_authentication(conn, rp, Purpose::Prove, holder, &[], noon()).unwrap()
        });
        let challenge = data_encoding::BASE64URL_NOPAD.encode(options.challenge.as_ref());
        format!(
            r#"{{"challenge":"{challenge}","origin":"{}"}}"#,
            rp.origin()
        )
    };
    let take = |world: &mut World, purpose, holder: &Holder<'_>, answer: &str, at| {
        passkey::take(&mut world.conn, purpose, holder, answer.as_bytes(), at)
    };
    ends_at(noon() + TimeDelta::seconds(300), |at| {
        let answer = ask(&mut world, &own);
        take(&mut world, Purpose::Prove, &own, &answer, at).is_ok()
    });
    let answer = ask(&mut world, &own);
    for (purpose, holder) in [
        (Purpose::Prove, Holder::session(&user.id, &other)),
        (Purpose::Prove, Holder::session("somebody", &session)),
        (Purpose::Prove, Holder::Browser("a browser")),
        (Purpose::Prove, Holder::Program),
        (Purpose::Register, own.clone()),
        (Purpose::SignIn, own.clone()),
    ] {
        let taken = take(&mut world, purpose, &holder, &answer, noon());
        assert!(matches!(taken, Err(Error::UnknownChallenge)), "{holder:?}");
    }
    assert!(take(&mut world, Purpose::Prove, &own, &answer, noon()).is_ok());
    assert!(
        take(&mut world, Purpose::Prove, &own, &answer, noon()).is_err(),
        "once"
    );
    let browser = Holder::Browser("a browser");
    let answer = ask(&mut world, &browser);
    let another = Holder::Browser("another");
    assert!(take(&mut world, Purpose::Prove, &another, &answer, noon()).is_err());
    assert!(take(&mut world, Purpose::Prove, &browser, &answer, noon()).is_ok());
}
