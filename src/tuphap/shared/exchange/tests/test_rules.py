"""The rules by themselves: waits, the circuit breaker, the form of a message."""

from __future__ import annotations

import base64
import hashlib
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from tuphap.runtime.simulators.agencies.acts import AGENCIES
from tuphap.shared.exchange import envelope, rules
from tuphap.shared.exchange.api import services
from tuphap.shared.exchange.rules import Breaker, BreakerState

AT = datetime(2026, 3, 10, 3, tzinfo=UTC)
CHANCES = st.floats(0, 1, allow_nan=False)


@given(st.integers(0, 500), CHANCES)
def test_waits_grow_within_their_bounds(tries: int, chance: float) -> None:
    wait = rules.wait_after(tries, chance=chance)
    assert rules.FIRST_WAIT / 2 <= wait <= rules.LONGEST_WAIT
    assert rules.wait_after(tries + 1, chance=0) >= rules.wait_after(tries, chance=0)


@given(st.integers(1, 9))
def test_a_wait_is_at_least_half_and_at_most_the_whole(tries: int) -> None:
    whole = rules.FIRST_WAIT * 2 ** (tries - 1)
    assert rules.wait_after(tries, chance=0) == whole / 2
    assert rules.wait_after(tries, chance=1) == whole


STEPS = st.lists(st.tuples(st.sampled_from(["ask", "well", "ill"]), st.integers(0, 900)), max_size=60)


@given(STEPS)
def test_the_breaker_keeps_its_promises(steps: list[tuple[str, int]]) -> None:
    breaker, at, in_a_row = Breaker(), AT, 0
    for step, seconds in steps:
        at += timedelta(seconds=seconds)
        before = breaker
        if step == "ask":
            permitted, breaker = breaker.ask(at)
            # Nothing goes while the pause lasts; everything goes while it is closed.
            if before.state is not BreakerState.CLOSED and before.until and at < before.until:
                assert not permitted and breaker == before
            else:
                assert permitted
            if permitted and before.state is not BreakerState.CLOSED:
                # One trial at a time: who asks next is told to wait.
                assert breaker.state is BreakerState.HALF_OPEN
                assert breaker.ask(at) == (False, breaker)
        elif step == "well":
            breaker, in_a_row = breaker.succeeded(), 0
            assert breaker == Breaker()
        else:
            breaker, in_a_row = breaker.failed(at), in_a_row + 1
            if before.state is BreakerState.CLOSED:
                is_open = breaker.state is BreakerState.OPEN
                assert is_open == (in_a_row >= rules.FAILURES_TO_OPEN)
            if before.state is BreakerState.HALF_OPEN:
                assert breaker.state is BreakerState.OPEN and breaker.trips == before.trips + 1
            if breaker.state is BreakerState.OPEN and before.state is not BreakerState.OPEN:
                assert rules.FIRST_PAUSE <= breaker.until - at <= rules.LONGEST_PAUSE


def test_pauses_grow_with_every_failed_trial() -> None:
    breaker, at, pauses = Breaker(), AT, []
    for _ in range(rules.FAILURES_TO_OPEN):
        breaker = breaker.failed(at)
    for _ in range(10):
        pauses.append(breaker.until - at)
        at = breaker.until
        permitted, breaker = breaker.ask(at)
        assert permitted
        breaker = breaker.failed(at)
    assert pauses == sorted(pauses) and pauses[0] == rules.FIRST_PAUSE and pauses[-1] == rules.LONGEST_PAUSE


HEADERS = {
    "X-Road-Client": "VN/GOV/H31/TUPHAP", "X-Road-Id": "0199f3f0-0000-7000-8000-000000000001",
    "X-Road-UserId": "VNSYSTEM", "X-Road-Issue": "H31.101-260310-0001", "X-Message-Kind": "police.issue-number",
    "X-Message-Subject": "birth:17", "X-Message-Sequence": "1",
}
BODY = b'{"a":1}'


def test_the_request_hash_is_what_the_description_says() -> None:
    lines = (
        b"x-road-client:VN/GOV/H31/TUPHAP\nx-road-id:0199f3f0-0000-7000-8000-000000000001\nx-road-userid:VNSYSTEM\n"
        b"x-road-issue:H31.101-260310-0001\nx-message-kind:police.issue-number\nx-message-subject:birth:17\n"
        b"x-message-sequence:1\nx-message-reply-to:\nx-message-purpose:\n"
    )
    expected = hashlib.sha512(hashlib.sha512(lines).digest() + hashlib.sha512(BODY).digest()).digest()
    assert envelope.request_hash(HEADERS, BODY) == base64.b64encode(expected).decode()


def test_openssl_finds_the_signature_sound(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    sealed = envelope.seal_request(
        "/r1/VN/GOV/BCA/DANCU/issue-number", HEADERS, BODY, key=envelope.fingerprint(public), at=AT,
        sign=lambda text: key.sign(text, ec.ECDSA(hashes.SHA256())),
    )
    body_digest = base64.b64encode(hashlib.sha512(BODY).digest()).decode()
    text = "\n".join([
        "tuphap-exchange-1", "POST", "/r1/VN/GOV/BCA/DANCU/issue-number", "x-road-client:VN/GOV/H31/TUPHAP",
        "x-road-id:0199f3f0-0000-7000-8000-000000000001", "x-road-userid:VNSYSTEM",
        "x-road-issue:H31.101-260310-0001", "x-message-kind:police.issue-number", "x-message-subject:birth:17",
        "x-message-sequence:1", "x-message-reply-to:", "x-message-purpose:",
        "x-message-sent:2026-03-10T03:00:00.000Z", f"x-message-key:sha256:{hashlib.sha256(public).hexdigest()}",
        body_digest,
    ])
    (tmp_path / "text").write_bytes(text.encode())
    (tmp_path / "signature").write_bytes(base64.b64decode(sealed.header(envelope.SIGNATURE)))
    (tmp_path / "key.pem").write_bytes(envelope.pem(public))
    done = subprocess.run(
        ["openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "text"], cwd=tmp_path,
        capture_output=True, text=True, check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_key_file_holds_several_keys_and_nothing_else() -> None:
    pems, names = b"", []
    for _ in range(2):
        der = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        pems += envelope.pem(der)
        names.append(envelope.fingerprint(der))
    assert list(envelope.public_keys(pems)) == names
    other = ec.generate_private_key(ec.SECP384R1()).public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    with pytest.raises(ValueError):
        envelope.public_keys(other)


@given(st.text(max_size=80))
def test_words_survive_a_header(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    carried = envelope.in_header(text)
    assert carried.isascii() and "\n" not in carried
    assert envelope.from_header(carried) == text


@pytest.mark.parametrize("client", ["", "VN/GOV/BCA", "VN/GOV/BCA/DANCU/x", "../../etc/x", "VN/GOV/BCA/DAN CU", "a,b"])
def test_what_is_no_client(client: str) -> None:
    assert not envelope.is_client_id(client)


def test_the_simulators_speak_under_the_declared_names() -> None:
    assert {service.code: service.client for service in services} == AGENCIES
