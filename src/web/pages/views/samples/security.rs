//! `/security`, and what it is made of.

use super::*;

pub(super) fn security(
    frame: Frame,
    facts: StatusFacts,
    devices: Vec<DeviceRow>,
    activity: Vec<ActivityRow>,
) -> String {
    let facts = StatusFacts {
        organization: "Northwind".into(),
        session_verified: true,
        ..facts
    };
    let demand = demand(&frame.t, &facts);
    let status = StatusHeader::new(&frame.t, facts);
    let password_changed = (!activity.is_empty()).then(|| when(12, 14, 5));
    SecurityPage {
        frame,
        status,
        forecast: None,
        backup_code_used: None,
        signals: None,
        passkeys: Some(PasskeySection {
            can_add: true,
            is_recommended: true,
            ..no_passkeys()
        }),
        app: Some(Standing::NotSetUp),
        email: None,
        codes: None,
        password_changed,
        has_chosen_language: true,
        version: "5f0a.1".into(),
        demand,
        devices,
        trusted: None,
        activity,
    }
    .render()
    .unwrap()
}

/// What the organization requires of somebody with this status.
pub(super) fn demand(t: &Messages, facts: &StatusFacts) -> Option<Demand> {
    let is_announced = facts.deadline.is_some();
    (is_announced || facts.is_required).then(|| Demand {
        organization: facts.organization.clone(),
        from: facts.deadline.clone().unwrap_or_else(|| day(1)),
        is_in_force: !is_announced,
        methods: methods::names(t, &[Method::Passkey, Method::Totp]),
    })
}

pub(super) fn usage(is_used: bool) -> Usage {
    Usage {
        since: day(3),
        last_used: is_used.then(|| when(21, 16, 40)),
    }
}

pub(super) fn reset() -> Reset {
    Reset {
        at: day(20),
        organization: Some("Northwind".into()),
    }
}

pub(super) fn codes(left: u32, is_saved: bool) -> Option<CodesLeft> {
    Some(CodesLeft {
        left,
        created: day(3),
        is_saved,
    })
}

/// `/security` of somebody with second factors.
pub(super) fn protected(
    frame: Frame,
    facts: StatusFacts,
    app: Option<Standing>,
    codes: Option<CodesLeft>,
) -> SecurityPage {
    let facts = StatusFacts {
        organization: "Northwind".into(),
        session_verified: true,
        saved_methods: facts.saved_methods.max(1),
        backup_codes_left: codes.as_ref().map(|codes| codes.left),
        ..facts
    };
    SecurityPage {
        demand: demand(&frame.t, &facts),
        status: StatusHeader::new(&frame.t, facts),
        forecast: codes.is_some().then(|| forecast(&frame.t)),
        frame,
        backup_code_used: None,
        signals: None,
        passkeys: None,
        app,
        email: None,
        codes,
        password_changed: Some(when(12, 14, 5)),
        has_chosen_language: false,
        version: "5f0a.1".into(),
        devices: vec![device(Some("Chrome on macOS"), true, 21)],
        trusted: None,
        activity: activity(),
    }
}

pub(super) fn forecast(t: &Messages) -> ForecastText {
    let forecast = Forecast {
        passkey: Some(Chance::Unsure),
        magic_link: Some(Chance::Unsure),
        backup_codes: Some(Chance::Sure),
        advice: Some(Advice::AddDurablePasskey),
    };
    ForecastText::new(t, forecast, Details::default())
}

pub(super) fn using(methods: &[Method]) -> StatusFacts {
    StatusFacts {
        is_enabled: !methods.is_empty(),
        primary_method: methods.first().copied(),
        enabled_methods: methods.to_vec(),
        ..StatusFacts::default()
    }
}
