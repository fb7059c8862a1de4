//! What an organization asks of its members, the members, one of them, and resetting one.

use super::*;
use crate::accounts::users::Role;
use crate::organizations::adoption::Filter;
use crate::organizations::profile::Reset;
use crate::web::pages::views::methods;
use crate::web::pages::views::status::Tone;

pub(super) fn administrator() -> Frame {
    let mut frame = inside();
    if let Some(who) = &mut frame.signed_in {
        who.administers = true;
    }
    frame
}

fn form(asks: &str) -> RequirementForm {
    RequirementForm {
        asks: asks.into(),
        from: "2026-12-05".into(),
        extra_days: "7".into(),
        app: true,
        email: false,
        passkey: true,
    }
}

/// As it is with nothing required, and so many days of trust.
pub(super) fn overview_of(frame: Frame, trust_days: i32) -> String {
    let page = overview_page(RequirementForm::OFF, false);
    let page = AdminPage {
        frame,
        trust_days,
        ..page
    };
    page.render().unwrap()
}

fn overview(asks: &str, needs_own_factor: bool) -> String {
    overview_page(asks, needs_own_factor).render().unwrap()
}

fn overview_page(asks: &str, needs_own_factor: bool) -> AdminPage {
    let t = Messages::default();
    let since = || (t.split("admin-since", "date"), day(3));
    AdminPage {
        frame: administrator(),
        organization: "Northwind <b>".into(),
        standing: StandingText {
            day: (asks == RequirementForm::REQUIRED).then(since),
            sentence: t.with3(
                "admin-ready-now",
                ("enabled", 40),
                ("members", 42),
                ("left", 2),
            ),
            later: None,
        },
        form: form(asks),
        needs_own_factor,
        trust_days: 0,
        adoption: AdoptionText {
            members: 42,
            enabled: 40,
            sentence: "40 of 42 (95%)".into(),
            methods: vec![
                (methods::name(&t, Method::Passkey), 17),
                (methods::name(&t, Method::Totp), 31),
            ],
            without_codes: 9,
        },
    }
}

fn rehearsal(named: usize) -> RehearsalText {
    let one = |n: usize| {
        let id = format!("019a9d5e-0000-7000-8000-0000000001{n:02}");
        (
            id,
            "Grace <i>Hopper".to_owned(),
            "grace@northwind.example".to_owned(),
        )
    };
    let t = Messages::default();
    let date = day(25).text;
    RehearsalText {
        title: t.with("requirement-from-title", "date", &date),
        sentence: t.with3(
            "rehearsal-stopped-then",
            ("date", &date),
            ("stopped", 12),
            ("members", 42),
        ),
        remarks: vec![t.count("rehearsal-only-email", 3)],
        named: (0..named).map(one).collect(),
        more: 2,
        counting: methods::names(&t, &[Method::Passkey, Method::Totp]),
        extra_days: t.count("rehearsal-days-count", 7),
        is_announced: true,
        button: t.with("requirement-button-from", "date", &date),
    }
}

fn requirement(asks: &str, needs_own_factor: bool, preview: Option<Preview>) -> String {
    let frame = match &preview {
        Some(_) => administrator(),
        None => refused(
            administrator(),
            &[
                FormProblem::DateFormat,
                FormProblem::ExtraDays(365),
                FormProblem::NoMethodCounts,
            ],
        ),
    };
    RequirementPage {
        frame,
        query: "asks=required&from=2026-12-05&days=7&app=on&passkey=on".into(),
        form: form(asks),
        needs_own_factor,
        preview,
    }
    .render()
    .unwrap()
}

fn state(tone: Tone) -> MemberState {
    let t = Messages::default();
    let text = match tone {
        Tone::Ok => t.text("members-state-on"),
        Tone::Warning | Tone::Danger => t.with("members-state-by", "date", day(5).text),
        Tone::Neutral => t.text("members-state-off"),
    };
    MemberState { tone, text }
}

fn member_row(n: usize, state: MemberState) -> MemberRow {
    MemberRow {
        id: format!("019a9d5e-0000-7000-8000-0000000001{n:02}"),
        name: "Grace <i>Hopper".into(),
        email: "grace@northwind.example".into(),
        methods: match state.tone {
            Tone::Ok => methods::names(&Messages::default(), &[Method::Passkey, Method::Totp]),
            _ => String::new(),
        },
        last_sign_in: (n > 1).then(|| when(21, 9, 3)),
        state,
    }
}

fn members(rows: Vec<MemberRow>) -> String {
    let filter = |filter: Filter, count, is_current| FilterLink {
        filter,
        href: format!("/admin/members?filter={}", filter.word()),
        count,
        is_current,
    };
    MembersPage {
        frame: administrator(),
        filters: vec![
            filter(Filter::All, 42, false),
            filter(Filter::On, 40, true),
            filter(Filter::Off, 2, false),
            filter(Filter::WithoutCodes, 9, false),
        ],
        filter: "on",
        search: "gr\"><script>".into(),
        previous: (!rows.is_empty()).then(|| "/admin/members?before=a%40b.example".into()),
        next: (!rows.is_empty()).then(|| "/admin/members?after=z%40b.example".into()),
        rows,
        file: "/admin/members.csv?filter=on&search=gr".into(),
    }
    .render()
    .unwrap()
}

fn member(reset: Reset, methods: Vec<MemberMethod>, flash: Option<Flash>) -> String {
    let frame = match flash {
        Some(flash) => flashed(administrator(), flash),
        None => administrator(),
    };
    MemberPage {
        frame,
        id: "019a9d5e-0000-7000-8000-000000000101".into(),
        name: "Grace <i>Hopper".into(),
        email: "grace@northwind.example".into(),
        role: Role::from_number(if reset == Reset::Owner { 255 } else { 0 }),
        state: match methods.is_empty() {
            true => state(Tone::Warning),
            false => state(Tone::Ok),
        },
        last_sign_in: (!methods.is_empty()).then(|| when(21, 9, 3)),
        codes_left: (!methods.is_empty()).then_some(8),
        activity: match methods.is_empty() {
            true => Vec::new(),
            false => factor_activity(),
        },
        methods,
        reset,
        paging: Paging {
            page: 1,
            has_older: reset == Reset::Possible,
        },
    }
    .render()
    .unwrap()
}

fn methods() -> Vec<MemberMethod> {
    vec![
        MemberMethod {
            method: Method::Passkey,
            name: Some("Work \"laptop\"".into()),
            usage: usage(true),
            is_on: true,
        },
        MemberMethod {
            method: Method::Totp,
            name: None,
            usage: usage(false),
            is_on: false,
        },
    ]
}

/// Of somebody who trusts so many browsers.
pub(super) fn reset_of(trusted: usize) -> String {
    let mut page = reset_page(&[], true);
    page.losses.trusted = trusted;
    page.render().unwrap()
}

fn reset(problems: &[FormProblem], sets_up_again: bool) -> String {
    reset_page(problems, sets_up_again).render().unwrap()
}

fn reset_page(problems: &[FormProblem], sets_up_again: bool) -> ResetPage {
    ResetPage {
        frame: match problems.is_empty() {
            true => administrator(),
            false => refused(administrator(), problems),
        },
        id: "019a9d5e-0000-7000-8000-000000000101".into(),
        name: "Grace <i>Hopper".into(),
        email: "grace@northwind.example".into(),
        losses: Losses {
            passkeys: 2,
            has_app: true,
            has_email_link: false,
            codes: 8,
            devices: 3,
            trusted: 0,
            sets_up_again,
        },
        seen: 3,
        reason: "Lost the phone <b>".into(),
        confirm: String::new(),
    }
}

pub(super) fn pages() -> Vec<(&'static str, String)> {
    let (off, recommended, required) = (
        RequirementForm::OFF,
        RequirementForm::RECOMMENDED,
        RequirementForm::REQUIRED,
    );
    let required_of = |named| Some(Preview::Required(rehearsal(named)));
    vec![
        ("admin", overview(off, false)),
        ("admin-required", overview(required, false)),
        ("admin-own-factor", overview(recommended, true)),
        (
            "admin-requirement-refused",
            requirement(required, false, None),
        ),
        (
            "admin-requirement",
            requirement(required, false, required_of(10)),
        ),
        (
            "admin-requirement-own",
            requirement(required, true, required_of(0)),
        ),
        (
            "admin-requirement-recommend",
            requirement(
                recommended,
                false,
                Some(Preview::Recommended { lifts: true }),
            ),
        ),
        (
            "admin-requirement-stop",
            requirement(off, false, Some(Preview::Nothing { was_required: true })),
        ),
        (
            "admin-requirement-stop-recommending",
            requirement(
                off,
                false,
                Some(Preview::Nothing {
                    was_required: false,
                }),
            ),
        ),
        (
            "admin-members",
            members(vec![
                member_row(1, state(Tone::Warning)),
                member_row(2, state(Tone::Ok)),
                member_row(3, state(Tone::Neutral)),
            ]),
        ),
        ("admin-members-empty", members(Vec::new())),
        ("admin-member", member(Reset::Possible, methods(), None)),
        (
            "admin-member-reset-done",
            member(
                Reset::Nothing,
                Vec::new(),
                Some(Flash::MemberReset("Grace <i>Hopper".into())),
            ),
        ),
        (
            "admin-member-oneself",
            member(Reset::Oneself, methods(), None),
        ),
        ("admin-member-owner", member(Reset::Owner, methods(), None)),
        ("admin-member-reset", reset(&[], true)),
        (
            "admin-member-reset-refused",
            reset(
                &[
                    FormProblem::ReasonLong(200),
                    FormProblem::ConfirmAddress("grace@northwind.example".into()),
                ],
                false,
            ),
        ),
    ]
}
