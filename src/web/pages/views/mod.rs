//! One askama struct per page: plain data in, HTML out. Not here: reading the database, choosing a status
//! code, or any decision about access. Handlers fill these structs and render them.

mod account;
mod email_link;
mod factors;
mod forecast;
mod member;
pub(super) mod methods;
mod organization;
mod outside;
mod passkey;
mod second_step;
mod service;
mod status;
mod words;

#[cfg(test)]
mod copy;
#[cfg(test)]
mod languages;
#[cfg(test)]
mod markup;
#[cfg(test)]
mod samples;

pub use account::{
    ActivityPage, ActivityRow, AddressConfirmPage, AddressPage, CodesLeft, Demand, DeviceRow,
    DevicesPage, EmailSection, LanguagePage, Paging, PasswordPage, SecurityPage, Standing,
    TrustedRow, Usage,
};
pub use email_link::{
    EmailLandingPage, EmailSetupPage, EmailWaitPage, Landing, MailPurpose, masked,
};
pub use factors::{
    AfterRemoval, AppSetupPage, CodesFile, CodesPage, MfaOffPage, NewCodesPage, PrimaryPage, QrSvg,
    RemovePage, SetUpKind,
};
pub use forecast::{AdviceLink, ForecastText};
pub use member::{
    FilterLink, Losses, MemberMethod, MemberPage, MemberRow, MemberState, MembersPage, ResetPage,
};
pub use organization::{
    AdminPage, AdoptionText, Preview, RehearsalText, RequirementForm, RequirementPage,
    StandingText, TrustPage,
};
pub use outside::{
    Ended, GateCard, HomePage, LaterPage, LinkSpentPage, LoginPage, Owed, PasswordLinkPage,
    PasswordLostPage, RecoverPage, SetupPage, WelcomePage,
};
pub use passkey::{
    AfterPasskey, PasskeyAddPage, PasskeyNamePage, PasskeyRemovePage, PasskeyRow, PasskeySection,
    Signals,
};
pub use second_step::{Clock, Code, ConfirmPage, SecondStep, TriesLeft, TrustBox, VerifyPage, Way};
pub use service::{ErrorPage, HelpPage, Why};
pub use status::{Reset, StatusFacts, StatusHeader};
use words::role;
pub use words::{Event, Flash, FormProblem};

pub use crate::words::When;
