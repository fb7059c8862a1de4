//! See `countersign::fuzzing`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| countersign::fuzzing::run("credential_json", data));
