//! An example for every body in the document, put together from its schema and from what stands in a field of that name.

use serde_json::{Map, Value, json};
use utoipa::openapi::{Content, OpenApi, RefOr};

/// Fields that may be left out, and are shown all the same where they are sent.
const SHOWN: &[&str] = &[
    "allowedMethods",
    "code",
    "enforceFrom",
    "lastName",
    "name",
    "orgRole",
    "refresh_token",
];

/// Gives every body an example.
pub(super) fn add(document: &mut OpenApi) {
    let all = serde_json::to_value(&*document).unwrap_or_default();
    for item in document.paths.paths.values_mut() {
        for (_, operation) in super::openapi::operations(item) {
            if let Some(RefOr::T(body)) = &mut operation.request_body {
                for content in body.content.values_mut() {
                    show(&all, content, true);
                }
            }
            for answer in operation.responses.responses.values_mut() {
                let RefOr::T(answer) = answer else { continue };
                for content in answer.content.values_mut() {
                    show(&all, content, false);
                }
            }
        }
    }
}

fn show(all: &Value, content: &mut RefOr<Content>, is_sent: bool) {
    let RefOr::T(content) = content else { return };
    let schema = serde_json::to_value(&content.schema).unwrap_or_default();
    if content.example.is_none() && schema.is_object() {
        content.example = Some(example(all, &schema, "", is_sent));
    }
}

/// A value that a schema describes. `name` is that of the field it stands in.
fn example(all: &Value, schema: &Value, name: &str, is_sent: bool) -> Value {
    if let Some(found) = referred(all, schema) {
        return example(all, found, name, is_sent);
    }
    if let Some(given) = schema.get("example") {
        return given.clone();
    }
    let first = |key: &str| schema.get(key)?.as_array()?.first();
    if let Some(word) = first("enum") {
        return word.clone();
    }
    if let Some(one) = first("oneOf") {
        return example(all, one, name, is_sent);
    }
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
        let parts = parts.iter().map(|part| example(all, part, name, is_sent));
        return parts.fold(json!({}), merged);
    }
    let is = |kind: &str| match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(|known| known == kind),
        known => known.is_some_and(|known| known == kind),
    };
    if is("object") {
        return object(all, schema, is_sent);
    }
    if is("array") {
        let item = schema.get("items").unwrap_or(&Value::Null);
        return json!([example(all, item, name, is_sent)]);
    }
    if is("boolean") {
        return json!(true);
    }
    if is("integer") {
        return number(name);
    }
    text(name).map_or(Value::Null, Value::from)
}

fn referred<'a>(all: &'a Value, schema: &Value) -> Option<&'a Value> {
    let path = schema.get("$ref")?.as_str()?;
    all.pointer(path.strip_prefix('#')?)
}

fn merged(mut one: Value, other: Value) -> Value {
    if let (Some(one), Value::Object(other)) = (one.as_object_mut(), other) {
        one.extend(other);
    }
    one
}

fn object(all: &Value, schema: &Value, is_sent: bool) -> Value {
    let is_required = |name: &str| {
        let required = schema.get("required").and_then(Value::as_array);
        required.is_some_and(|required| required.iter().any(|known| known == name))
    };
    // A refusal's word is the only field of the part that narrows it.
    let is_shown = |name: &str| {
        is_required(name) || name == "error_code" || (is_sent && SHOWN.contains(&name))
    };
    let fields = schema.get("properties").and_then(Value::as_object);
    let shown = fields
        .into_iter()
        .flatten()
        .filter(|(name, _)| is_shown(name));
    let shown: Map<_, _> = shown
        .map(|(name, field)| (name.clone(), example(all, field, name, is_sent)))
        .collect();
    Value::Object(shown)
}

fn number(name: &str) -> Value {
    match name {
        "expiresAt" => json!(1_798_761_600_000_i64),
        "newRole" | "orgRole" | "orgRoles" => json!(254),

        "previousRole" => json!(0),
        "members" | "total" => json!(42),
        "enabled" => json!(31),
        _ => json!(7),
    }
}

/// What stands in a field of text.
fn text(name: &str) -> Option<&'static str> {
    Some(match name {
        "" => "email,firstName,lastName\r\nada@example.com,Ada,Lovelace\r\n",
        "accessToken" | "fullAccessToken" => "cs_at_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
        "refreshToken" | "refresh_token" => "cs_rt_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
        "token" => "cs_ln_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
        "id" | "orgId" | "tokenId" | "userId" => "019a9d5e-7b1f-7c3a-9f43-2f6a1c0d8e55",
        "email" | "userName" => "ada@example.com",
        "name" | "firstName" => "Ada",
        "lastName" => "Lovelace",
        "password" | "newPassword" | "currentPassword" => "correct horse battery staple",
        "code" => "492039",
        "backupCodes" => "7Q2MX-K9D4T",
        "error" => "A sentence that a person can read",
        "message" => "What was done",
        "status" => "ready",
        "secret" => "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
        "otpauthUrl" => {
            "otpauth://totp/Countersign:ada@example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Countersign"
        }
        "qrCode" => "data:image/png;base64,iVBORw0KGgo=",
        "at" | "createdAt" | "startedAt" | "lastUsedAt" | "lastActivity" | "expiresAt"
        | "enforceFrom" => "2027-01-01T00:00:00Z",
        "ipAddress" => "203.0.113.7",
        "userAgent" => "backup-job/2.1",
        "loginMethod" => "PASSWORD+GOOGLE_AUTH",
        "description" => "A six-digit code that an app shows, new every 30 seconds",
        "domain" => "example.com",
        "orgRoleDescription" => "ADMINISTRATORS",
        "transports" => "internal",
        "challenge" | "rawId" | "signature" | "authenticatorData" | "attestationObject"
        | "clientDataJSON" => "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA",
        _ => return None,
    })
}
