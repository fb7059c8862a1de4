// @generated automatically by Diesel CLI.

diesel::table! {
    activity (seq) {
        seq -> BigInt,
        id -> Text,
        at -> Timestamp,
        event -> Text,
        outcome -> Text,
        reason -> Nullable<Text>,
        door -> Text,
        actor_id -> Nullable<Text>,
        user_id -> Nullable<Text>,
        organization_id -> Nullable<Text>,
        method -> Nullable<Text>,
        detail -> Nullable<Text>,
        peer_address -> Nullable<Text>,
        forwarded_for -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        request_id -> Nullable<Text>,
        session_hash -> Nullable<Text>,
        key_id -> Text,
        hash -> Binary,
    }
}

diesel::table! {
    activity_anchor (seq) {
        seq -> BigInt,
        hash -> Binary,
        key_id -> Text,
        mac -> Binary,
    }
}

diesel::table! {
    activity_head (id) {
        id -> Integer,
        seq -> BigInt,
        hash -> Binary,
    }
}

diesel::table! {
    backup_code_sets (id) {
        id -> Text,
        user_id -> Text,
        session_id -> Text,
        activated_at -> Nullable<Timestamp>,
        plain -> Nullable<Text>,
        plain_until -> Nullable<Timestamp>,
        saved_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    backup_codes (id) {
        id -> Text,
        set_id -> Text,
        hash -> Text,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    factors (id) {
        id -> Text,
        user_id -> Text,
        method -> Text,
        verified_at -> Nullable<Timestamp>,
        enabled -> Bool,
        suspended_at -> Nullable<Timestamp>,
        last_used_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    key_checks (key_id) {
        key_id -> Text,
        envelope -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    link_requests (id) {
        id -> Text,
        purpose -> Text,
        address -> Text,
        user_id -> Nullable<Text>,
        origin -> Text,
        created_at -> Timestamp,
        handled_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    mails (id) {
        id -> Text,
        recipient -> Text,
        event -> Text,
        params -> Text,
        created_at -> Timestamp,
        tries -> Integer,
        next_try_at -> Timestamp,
        claimed_until -> Nullable<Timestamp>,
        link -> Nullable<Text>,
        link_id -> Nullable<Text>,
        expires_at -> Nullable<Timestamp>,
        language -> Nullable<Text>,
    }
}

diesel::table! {
    known_devices (user_id, hash) {
        user_id -> Text,
        hash -> Binary,
        last_seen_at -> Timestamp,
    }
}

diesel::table! {
    magic_links (id) {
        id -> Text,
        user_id -> Text,
        session_id -> Text,
        purpose -> Text,
        address -> Text,
        token_hash -> Binary,
        code_hash -> Text,
        return_to -> Text,
        wrong -> Integer,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        sent_at -> Nullable<Timestamp>,
        used_at -> Nullable<Timestamp>,
        replaced_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    mfa_attempts (user_id) {
        user_id -> Text,
        streak -> Text,
        wrong -> Integer,
        locked_until -> Nullable<Timestamp>,
        suspended_at -> Nullable<Timestamp>,
        run_length -> Integer,
        run_step -> Nullable<BigInt>,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    one_time_links (id) {
        id -> Text,
        token_hash -> Binary,
        purpose -> Text,
        user_id -> Nullable<Text>,
        address -> Nullable<Text>,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        consumed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    organizations (id) {
        id -> Text,
        name -> Text,
        mfa_requirement -> Text,
        mfa_enforce_from -> Nullable<Timestamp>,
        mfa_extra_days -> Integer,
        allow_totp -> Bool,
        allow_passkey -> Bool,
        allow_magic_link -> Bool,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        trust_days -> Integer,
    }
}

diesel::table! {
    passkey_ceremonies (challenge_hash) {
        challenge_hash -> Binary,
        purpose -> Text,
        user_id -> Nullable<Text>,
        session_id -> Nullable<Text>,
        browser -> Nullable<Text>,
        state -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    passkeys (id) {
        id -> Text,
        factor_id -> Text,
        user_id -> Text,
        credential_id -> Binary,
        credential -> Text,
        counter -> BigInt,
        backup_eligible -> Bool,
        backup_state -> Bool,
        discoverable -> Bool,
        transports -> Text,
        aaguid -> Nullable<Text>,
        rp_id -> Text,
        name -> Text,
        created_at -> Timestamp,
        last_used_at -> Nullable<Timestamp>,
        last_used_by -> Nullable<Text>,
    }
}

diesel::table! {
    password_failures (key) {
        key -> Binary,
        failures -> Integer,
        next_try_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    requirement_rounds (id) {
        id -> Text,
        organization_id -> Text,
        user_id -> Nullable<Text>,
        comes_at -> Timestamp,
        days -> Nullable<Integer>,
        due_at -> Timestamp,
        told -> Text,
    }
}

diesel::table! {
    session_tokens (hash) {
        hash -> Binary,
        session_id -> Text,
        kind -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        consumed_at -> Nullable<Timestamp>,
        successor -> Nullable<Text>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        user_id -> Text,
        kind -> Text,
        epoch -> Integer,
        pending -> Bool,
        password_at -> Nullable<Timestamp>,
        factor_at -> Nullable<Timestamp>,
        factor -> Nullable<Text>,
        peer_address -> Text,
        user_agent -> Text,
        created_at -> Timestamp,
        last_seen_at -> Timestamp,
        expires_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
        watched_until -> Nullable<Timestamp>,
        told_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    totp_secrets (factor_id) {
        factor_id -> Text,
        user_id -> Text,
        secret -> Text,
        last_step -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    totp_setups (user_id) {
        user_id -> Text,
        id -> Text,
        session_id -> Text,
        secret -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    trusted_browsers (id) {
        id -> Text,
        user_id -> Text,
        secret_hash -> Binary,
        user_agent -> Text,
        proved_at -> Timestamp,
        expires_at -> Timestamp,
        last_used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    users (id) {
        id -> Text,
        email -> Text,
        first_name -> Text,
        last_name -> Text,
        organization_id -> Nullable<Text>,
        role -> Integer,
        joined_at -> Nullable<Timestamp>,
        password_hash -> Nullable<Text>,
        password_changed_at -> Nullable<Timestamp>,
        mfa_required -> Bool,
        primary_method -> Nullable<Text>,
        mfa_reset_at -> Nullable<Timestamp>,
        epoch -> Integer,
        deactivated_at -> Nullable<Timestamp>,
        last_sign_in_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        backup_codes_left -> Nullable<Integer>,
        passkey_handle -> Nullable<Binary>,
        password_by_mail -> Bool,
        member_state -> Integer,
        name_key -> Text,
        last_name_key -> Text,
        reset_requested_at -> Nullable<Timestamp>,
        language -> Nullable<Text>,
        browser_language -> Nullable<Text>,
    }
}

diesel::joinable!(backup_code_sets -> users (user_id));
diesel::joinable!(backup_codes -> backup_code_sets (set_id));
diesel::joinable!(factors -> users (user_id));
diesel::joinable!(link_requests -> users (user_id));
diesel::joinable!(known_devices -> users (user_id));
diesel::joinable!(magic_links -> sessions (session_id));
diesel::joinable!(mails -> one_time_links (link_id));
diesel::joinable!(mfa_attempts -> users (user_id));
diesel::joinable!(one_time_links -> users (user_id));
diesel::joinable!(passkey_ceremonies -> sessions (session_id));
diesel::joinable!(passkeys -> factors (factor_id));
diesel::joinable!(session_tokens -> sessions (session_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(totp_secrets -> factors (factor_id));
diesel::joinable!(totp_setups -> sessions (session_id));
diesel::joinable!(trusted_browsers -> users (user_id));
diesel::joinable!(users -> organizations (organization_id));

diesel::allow_tables_to_appear_in_same_query!(
    activity,
    activity_anchor,
    activity_head,
    backup_code_sets,
    backup_codes,
    factors,
    key_checks,
    link_requests,
    known_devices,
    magic_links,
    mails,
    mfa_attempts,
    one_time_links,
    organizations,
    passkey_ceremonies,
    passkeys,
    password_failures,
    session_tokens,
    sessions,
    totp_secrets,
    totp_setups,
    trusted_browsers,
    users,
);
