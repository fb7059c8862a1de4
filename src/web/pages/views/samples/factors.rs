//! Pages about second factors: the second step, the app, backup codes, and `/security` of somebody who has some.

use super::*;

pub(super) fn step(open: Option<Way>, others: Vec<Way>) -> SecondStep {
    SecondStep {
        open,
        others,
        passkeys: vec!["Work laptop".into(), "<Phone>".into()],
        address: masked(ADA),
        is_mailbox_alone: false,
        trust: None,
    }
}

pub(super) fn verify(frame: Frame, open: Option<Way>, others: &[Way]) -> String {
    let others = others.to_vec();
    VerifyPage {
        frame,
        step: step(open, others),
        return_to: "/security/devices?session=1".into(),
    }
    .render()
    .unwrap()
}

pub(super) fn confirm_with(frame: Frame, open: Option<Way>, others: &[Way]) -> String {
    let others = others.to_vec();
    ConfirmPage {
        action: ConfirmPage::action_for(&frame.t, "/security/app/remove"),
        next: "/security/app/remove".into(),
        frame,
        step: Some(step(open, others)),
    }
    .render()
    .unwrap()
}

fn app_setup(frame: Frame, kind: SetUpKind) -> String {
    let key = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
    let uri = format!(
        "otpauth://totp/Countersign:ada%40northwind.example?secret={key}&issuer=Countersign"
    );
    let code = QrCode::new(&uri).unwrap();
    AppSetupPage {
        frame,
        kind,
        qr: QrSvg::draw(code.width(), |x, y| code[(x, y)] == Color::Dark),
        uri,
        key: key.into(),
        account: ADA.into(),
        issuer: "Countersign".into(),
        back: "/security",
    }
    .render()
    .unwrap()
}

fn app_remove(after: AfterRemoval, can_add_other: bool) -> String {
    RemovePage {
        frame: inside(),
        method: Method::Totp,
        after,
        can_add_other,
    }
    .render()
    .unwrap()
}

/// What the person of these pages keeps in a drawer.
fn codes_file() -> CodesFile {
    let codes = [
        "7K3QM-9XW2T",
        "C0F5R-1GJ8D",
        "PZ4VA-N6H3Y",
        "2B9TX-K7MQE",
        "QW8E4-5RS0J",
        "DH1MC-X3ZB6",
        "9NVGA-4T7KP",
        "J5Y2R-8FQXW",
        "0M6CZ-BD1HV",
        "GE3SK-P9N4T",
    ];
    CodesFile {
        t: Messages::default(),
        codes: codes.map(str::to_owned).to_vec(),
        account: ADA.into(),
        created: when(21, 16, 42),
    }
}

fn codes_page(frame: Frame, shown: Option<CodesFile>) -> String {
    CodesPage { frame, shown }.render().unwrap()
}

/// Pages around second factors.
pub(super) fn factors() -> Vec<(&'static str, String)> {
    let half = || half_inside();
    let both = [Way::Code(Code::App), Way::Code(Code::Backup)];
    let app = |problems: &[FormProblem]| {
        verify(
            refused(half(), problems),
            Some(Way::Code(Code::App)),
            &[Way::Code(Code::Backup)],
        )
    };
    let backup = |problems: &[FormProblem]| {
        verify(
            refused(half(), problems),
            Some(Way::Code(Code::Backup)),
            &[Way::Code(Code::App)],
        )
    };
    let wrong = |drift: Option<i64>, is_third, left| {
        FormProblem::AppCodeWrong(Clock::of(drift.map(TimeDelta::seconds), is_third), left)
    };
    let two = [Method::Totp, Method::Passkey];
    let required = |facts| StatusFacts {
        is_required: true,
        is_enforced: true,
        ..facts
    };
    let page = |page: SecurityPage| page.render().unwrap();
    let on = || Some(Standing::On(usage(true)));
    vec![
        ("verify", app(&[])),
        ("verify-code", backup(&[])),
        (
            "verify-only-app",
            verify(half(), Some(Way::Code(Code::App)), &[]),
        ),
        ("verify-suspended", verify(half(), None, &[])),
        ("verify-app-empty", app(&[Code::App.malformed("")])),
        ("verify-app-length", app(&[Code::App.malformed("12345")])),
        ("verify-app-letters", app(&[Code::App.malformed("12345a")])),
        (
            "verify-app-wrong",
            app(&[wrong(None, false, TriesLeft::Enough)]),
        ),
        (
            "verify-app-third",
            app(&[wrong(None, true, TriesLeft::Few(2))]),
        ),
        (
            "verify-app-drift",
            app(&[wrong(Some(-120), true, TriesLeft::Few(1))]),
        ),
        (
            "verify-app-ahead",
            app(&[wrong(Some(60), false, TriesLeft::Enough)]),
        ),
        (
            "verify-app-fifth",
            app(&[wrong(None, true, TriesLeft::None(clock(14, 5)))]),
        ),
        ("verify-app-spent", app(&[FormProblem::AppCodeSpent])),
        ("verify-code-empty", backup(&[Code::Backup.malformed("")])),
        (
            "verify-code-length",
            backup(&[Code::Backup.malformed("7K3QM")]),
        ),
        (
            "verify-code-wrong",
            backup(&[FormProblem::BackupCodeWrong(TriesLeft::Few(2))]),
        ),
        ("verify-code-spent", backup(&[FormProblem::BackupCodeSpent])),
        (
            "verify-locked",
            app(&[FormProblem::CodeThrottled(clock(14, 5))]),
        ),
        (
            "verify-suspended-now",
            verify(refused(half(), &[FormProblem::CodesSuspended]), None, &[]),
        ),
        ("verify-page-old", app(&[FormProblem::PageOld])),
        (
            "confirm-app",
            confirm_with(
                inside(),
                Some(Way::Code(Code::App)),
                &[Way::Code(Code::Backup)],
            ),
        ),
        (
            "confirm-code",
            confirm_with(inside(), Some(Way::Code(Code::Backup)), &both[..1]),
        ),
        (
            "confirm-app-wrong",
            confirm_with(
                refused(inside(), &[wrong(None, false, TriesLeft::Enough)]),
                Some(Way::Code(Code::App)),
                &[],
            ),
        ),
        ("confirm-suspended", confirm_with(inside(), None, &[])),
        (
            "security-app",
            page(protected(
                flashed(inside(), Flash::CodesSaved),
                using(&two[..1]),
                on(),
                codes(10, true),
            )),
        ),
        (
            "security-app-only",
            page(protected(
                flashed(inside(), Flash::AppOn),
                using(&two[..1]),
                Some(Standing::On(usage(false))),
                None,
            )),
        ),
        (
            "security-app-codes-unsaved",
            page(protected(
                inside(),
                required(using(&two[..1])),
                on(),
                codes(10, false),
            )),
        ),
        (
            "security-two",
            page(protected(
                flashed(inside(), Flash::PrimaryChanged(Method::Totp)),
                using(&two),
                on(),
                codes(8, true),
            )),
        ),
        (
            "security-codes-few",
            page(protected(inside(), using(&two), on(), codes(2, true))),
        ),
        (
            "security-codes-used-up",
            page(protected(
                flashed(inside(), Flash::AppReplaced),
                required(using(&two)),
                on(),
                codes(0, true),
            )),
        ),
        (
            "security-code-used",
            page(SecurityPage {
                backup_code_used: Some(7),
                ..protected(inside(), using(&two[..1]), on(), codes(7, true))
            }),
        ),
        (
            "security-off",
            page(protected(
                flashed(inside(), Flash::MfaOff),
                using(&[]),
                Some(Standing::Off(usage(true))),
                codes(8, true),
            )),
        ),
        (
            "security-app-switched-off",
            page(protected(
                flashed(inside(), Flash::AppRemovedNext(Method::Passkey)),
                using(&two[1..]),
                Some(Standing::Off(usage(true))),
                codes(8, true),
            )),
        ),
        (
            "security-app-suspended",
            page(protected(
                flashed(inside(), Flash::AppRemoved),
                using(&two[1..]),
                Some(Standing::Suspended(usage(true))),
                codes(8, true),
            )),
        ),
        (
            "security-app-not-allowed",
            page(protected(
                flashed(inside(), Flash::MfaOn),
                using(&two[1..]),
                Some(Standing::NotAllowed(usage(true))),
                codes(8, true),
            )),
        ),
        (
            "security-no-app",
            page(protected(
                flashed(inside(), Flash::AppRemovedLast),
                using(&[]),
                None,
                None,
            )),
        ),
        (
            "security-reset",
            security(
                inside(),
                StatusFacts {
                    reset: Some(reset()),
                    available_methods: vec![Method::Totp],
                    ..StatusFacts::default()
                },
                vec![device(Some("Chrome on macOS"), true, 21)],
                activity(),
            ),
        ),
        (
            "security-activity-factors",
            ActivityPage {
                frame: inside(),
                rows: factor_activity(),
                paging: Paging {
                    page: 1,
                    has_older: false,
                },
            }
            .render()
            .unwrap(),
        ),
        ("security-app-setup", app_setup(inside(), SetUpKind::First)),
        (
            "security-app-setup-gate",
            app_setup(half_inside(), SetUpKind::First),
        ),
        (
            "security-app-setup-further",
            app_setup(
                flashed(inside(), Flash::AppSetUpExpired),
                SetUpKind::Further,
            ),
        ),
        ("security-app-move", app_setup(inside(), SetUpKind::Move)),
        (
            "security-app-setup-wrong",
            app_setup(
                refused(inside(), &[wrong(Some(-120), false, TriesLeft::Enough)]),
                SetUpKind::First,
            ),
        ),
        (
            "security-app-remove",
            app_remove(
                AfterRemoval::Others {
                    left: vec![Method::Passkey, Method::MagicLink],
                    next: Some(Method::Passkey),
                },
                true,
            ),
        ),
        (
            "security-app-remove-unused",
            app_remove(
                AfterRemoval::Others {
                    left: Vec::new(),
                    next: None,
                },
                false,
            ),
        ),
        (
            "security-app-remove-last",
            app_remove(AfterRemoval::TurnsOff, false),
        ),
        (
            "security-app-remove-last-other",
            app_remove(AfterRemoval::TurnsOff, true),
        ),
        (
            "security-app-remove-refused",
            app_remove(
                AfterRemoval::Refused {
                    organization: "Northwind".into(),
                },
                false,
            ),
        ),
        (
            "security-app-remove-refused-other",
            app_remove(
                AfterRemoval::Refused {
                    organization: "Northwind".into(),
                },
                true,
            ),
        ),
        (
            "security-codes",
            codes_page(flashed(inside(), Flash::AppFirst), Some(codes_file())),
        ),
        (
            "security-codes-new-set",
            codes_page(flashed(inside(), Flash::CodesCreated), Some(codes_file())),
        ),
        ("security-codes-gone", codes_page(inside(), None)),
        (
            "security-codes-new",
            NewCodesPage {
                frame: inside(),
                unused: 7,
            }
            .render()
            .unwrap(),
        ),
        (
            "security-codes-new-none",
            NewCodesPage {
                frame: inside(),
                unused: 0,
            }
            .render()
            .unwrap(),
        ),
        (
            "security-primary",
            PrimaryPage {
                frame: inside(),
                methods: vec![Method::Passkey, Method::Totp, Method::MagicLink],
                current: Method::Totp,
            }
            .render()
            .unwrap(),
        ),
        (
            "security-language",
            LanguagePage {
                frame: inside(),
                chosen: None,
            }
            .render()
            .unwrap(),
        ),
        (
            "security-mfa-off",
            MfaOffPage {
                frame: inside(),
                required_by: None,
            }
            .render()
            .unwrap(),
        ),
        (
            "security-mfa-off-required",
            MfaOffPage {
                frame: inside(),
                required_by: Some("Northwind".into()),
            }
            .render()
            .unwrap(),
        ),
    ]
}
