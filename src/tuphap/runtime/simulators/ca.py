"""Sample certification authorities: two roots, one for public duty and one public, each with an issuing authority.

They issue certificates, revoke them and publish revocation lists, at the time that the sample's clock says. Nothing
that they sign has any value in law: every name says MẪU (sample). ``python -m tuphap.runtime.simulators.ca`` tells a
running one what to do (``issue``, ``revoke``, ``behave``); it is served by ``tuphap.runtime.simulators.tsa``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

BORN = datetime(2025, 1, 1, tzinfo=UTC)
ROOT_YEARS, ISSUING_YEARS, STAMP_YEARS = 20, 15, 12
LIST_LIVES = timedelta(days=7)
MARK = "MẪU"


@dataclass(frozen=True, slots=True)
class Authority:
    """One authority: its short name, its title, who stands above it (itself for a root)."""

    code: str
    title: str
    above: str


AUTHORITIES = (
    Authority("public-duty-root", f"CA gốc chuyên dùng công vụ ({MARK})", "public-duty-root"),
    Authority("public-duty", f"CA chuyên dùng công vụ ({MARK})", "public-duty-root"),
    Authority("public-root", f"CA gốc công cộng ({MARK})", "public-root"),
    Authority("public", f"CA công cộng ({MARK})", "public-root"),
)
# Which anchor an office's certificates come from: state bodies use those for public duty (Nghị định 68/2024/NĐ-CP).
ANCHORS = (
    {"code": "public-duty", "title": f"Chứng thực chữ ký số chuyên dùng công vụ ({MARK})", "root": "public-duty-root",
     "offices": ["ubnd_tinh", "so", "phong", "ubnd_xa", "ubnd_huyen", "trung_tam"], "stamps": True},
    {"code": "public", "title": f"Chứng thực chữ ký số công cộng ({MARK})", "root": "public-root",
     "offices": [], "stamps": False},
)


class SampleAuthority:
    """The authorities' keys, what they have issued and revoked, kept in a folder.

    :param address: where the lists are served (``http://localhost:8002``); written into the certificates.
    """

    def __init__(self, folder: Path, *, address: str) -> None:
        self._folder = folder
        self._address = address.rstrip("/")
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        self._keys: dict[str, ec.EllipticCurvePrivateKey] = {}
        self._certificates: dict[str, x509.Certificate] = {}
        self._revoked: dict[str, dict[int, tuple[datetime, str]]] = {a.code: {} for a in AUTHORITIES}
        for authority in AUTHORITIES:
            self._found(authority)
        self._found_stamp()
        self._recall()

    def certificate(self, code: str) -> x509.Certificate:
        """The certificate of an authority, or of the time stamps (``"stamp"``)."""
        return self._certificates[code]

    def key(self, code: str) -> ec.EllipticCurvePrivateKey:
        return self._keys[code]

    def chain(self, code: str) -> list[x509.Certificate]:
        """An authority's certificate and those above it, without the root."""
        found = []
        while self._above(code) != code:
            found.append(self._certificates[code])
            code = self._above(code)
        return found

    def issue(
        self, *, request: x509.CertificateSigningRequest | ec.EllipticCurvePublicKey, names: dict[str, str],
        authority: str = "public-duty", valid_from: datetime = BORN, valid_to: datetime | None = None,
    ) -> x509.Certificate:
        """A certificate for this key.

        :param names: ``name``, ``office``, ``office_code`` and, for a person, ``title`` and ``person``.
        """
        public = request if isinstance(request, ec.EllipticCurvePublicKey) else request.public_key()
        if not isinstance(public, ec.EllipticCurvePublicKey):
            raise ValueError("only keys on P-256 are certified here")
        certificate = self._sign(
            public, _name(names), authority, valid_from, valid_to or valid_from + timedelta(days=5 * 365),
            extensions=[
                (x509.BasicConstraints(ca=False, path_length=None), True),
                (_usage(digital_signature=True, content_commitment=True), True),
            ],
        )
        self._remember({"did": "issued", "authority": authority, "serial": certificate.serial_number,
                        "subject": certificate.subject.rfc4514_string()})
        return certificate

    def revoke(self, *, authority: str, serial: int, at: datetime, reason: str = "key_compromise") -> None:
        """Put a certificate on the authority's list from this instant on."""
        x509.ReasonFlags[reason]
        self._remember({"did": "revoked", "authority": authority, "serial": serial, "at": at.isoformat(),
                        "reason": reason})
        self._revoked[authority][serial] = (at, reason)

    def revocation_list(self, authority: str, *, at: datetime, forged: bool = False) -> bytes:
        """The authority's list as it stood at this instant, in DER; ``forged``: signed by a key that is not its own."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._certificates[authority].subject)
            .last_update(at.replace(microsecond=0))
            .next_update(at.replace(microsecond=0) + LIST_LIVES)
            .add_extension(_key_identifier(self._certificates[authority]), critical=False)
            .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
        )
        for serial, (since, reason) in sorted(self._revoked[authority].items()):
            if since <= at:
                entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since)
                entry = entry.add_extension(x509.CRLReason(x509.ReasonFlags[reason]), critical=False)
                builder = builder.add_revoked_certificate(entry.build())
        key = ec.generate_private_key(ec.SECP256R1()) if forged else self._keys[authority]
        return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def write_trust(self, folder: Path) -> None:
        """Write the trust list that the platform reads: anchors, authorities below them, where their lists are."""
        folder.mkdir(parents=True, exist_ok=True)
        anchors = [
            {
                **anchor,
                "root": f"{anchor['root']}.pem",
                "authorities": [f"{a.code}.pem" for a in AUTHORITIES if a.above == anchor["root"]],
                "lists": {a.code: f"{self._address}/crl/{a.code}.crl" for a in AUTHORITIES
                          if a.above == anchor["root"]},
            }
            for anchor in ANCHORS
        ]
        for authority in AUTHORITIES:
            _write(folder / f"{authority.code}.pem", pem(self._certificates[authority.code]))
        _write(folder / "trust.json", json.dumps({"anchors": anchors}, ensure_ascii=False, indent=1).encode())

    def _above(self, code: str) -> str:
        if code == "stamp":
            return "public-duty"
        return next(a.above for a in AUTHORITIES if a.code == code)

    def _found(self, authority: Authority) -> None:
        """The authority's key and certificate, made on the first day and read afterwards."""
        root = authority.above == authority.code
        self._load_or_make(
            authority.code, x509.Name([_attribute(NameOID.COUNTRY_NAME, "VN"),
                                       _attribute(NameOID.COMMON_NAME, authority.title)]),
            authority.above, ROOT_YEARS if root else ISSUING_YEARS,
            [(x509.BasicConstraints(ca=True, path_length=1 if root else 0), True),
             (_usage(key_cert_sign=True, crl_sign=True), True)],
        )

    def _found_stamp(self) -> None:
        self._load_or_make(
            "stamp", x509.Name([_attribute(NameOID.COUNTRY_NAME, "VN"),
                                _attribute(NameOID.COMMON_NAME, f"Dấu thời gian ({MARK})")]),
            "public-duty", STAMP_YEARS,
            [(x509.BasicConstraints(ca=False, path_length=None), True),
             (_usage(digital_signature=True), True),
             (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)],
        )

    def _load_or_make(
        self, code: str, name: x509.Name, above: str, years: int, extensions: list[tuple[x509.ExtensionType, bool]]
    ) -> None:
        place = self._folder / f"{code}.pem"
        if place.exists():
            content = place.read_bytes()
            key = serialization.load_pem_private_key(content, None)
            if not isinstance(key, ec.EllipticCurvePrivateKey):
                raise ValueError(f"{place} holds no key on P-256")
            self._keys[code], self._certificates[code] = key, x509.load_pem_x509_certificate(content)
            return
        key = self._keys[code] = ec.generate_private_key(ec.SECP256R1())
        self._certificates[code] = self._sign(
            key.public_key(), name, above, BORN, BORN + timedelta(days=365 * years), extensions=extensions
        )
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        _write(place, private + pem(self._certificates[code]))

    def _sign(
        self, public: ec.EllipticCurvePublicKey, name: x509.Name, above: str, valid_from: datetime,
        valid_to: datetime, *, extensions: list[tuple[x509.ExtensionType, bool]],
    ) -> x509.Certificate:
        """A certificate under the authority ``above``; under itself where that has none yet."""
        issuer = self._certificates.get(above)
        builder = (
            x509.CertificateBuilder().subject_name(name).issuer_name(issuer.subject if issuer else name)
            .public_key(public).serial_number(x509.random_serial_number())
            .not_valid_before(valid_from).not_valid_after(valid_to)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        if issuer is not None:
            builder = builder.add_extension(_key_identifier(issuer), critical=False).add_extension(
                x509.CRLDistributionPoints([x509.DistributionPoint(
                    full_name=[x509.UniformResourceIdentifier(f"{self._address}/crl/{above}.crl")],
                    relative_name=None, reasons=None, crl_issuer=None)]),
                critical=False,
            )
        return builder.sign(self._keys[above], hashes.SHA256())

    def _remember(self, event: dict[str, Any]) -> None:
        """What was issued and revoked, one line each, on disk before it is answered."""
        with self._lock, (self._folder / "journal.jsonl").open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(event, ensure_ascii=False) + "\n")
            journal.flush()
            os.fsync(journal.fileno())

    def _recall(self) -> None:
        journal = self._folder / "journal.jsonl"
        if not journal.exists():
            return
        for line in journal.read_text(encoding="utf-8").splitlines():
            event = json.loads(line)
            if event["did"] == "revoked":
                since = datetime.fromisoformat(event["at"])
                self._revoked[event["authority"]][event["serial"]] = (since, event["reason"])


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _write(place: Path, content: bytes) -> None:
    half = place.with_suffix(".new")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.rename(place)


def _attribute(oid: x509.ObjectIdentifier, value: str) -> x509.NameAttribute[str]:
    # X.520 allows 64 characters; readers that count bytes allow fewer letters of Vietnamese.
    return x509.NameAttribute(oid, value.encode()[:64].decode(errors="ignore"))


def _name(names: dict[str, str]) -> x509.Name:
    """The subject: of a person (with title and office) or of an office."""
    parts = [_attribute(NameOID.COUNTRY_NAME, "VN"), _attribute(NameOID.ORGANIZATION_NAME, names["office"]),
             _attribute(NameOID.ORGANIZATION_IDENTIFIER, names["office_code"])]
    if names.get("title"):
        parts.append(_attribute(NameOID.TITLE, names["title"]))
    if names.get("person"):
        parts.append(_attribute(NameOID.USER_ID, names["person"]))
    parts.append(_attribute(NameOID.COMMON_NAME, names["name"]))
    return x509.Name(parts)


def _usage(**used: bool) -> x509.KeyUsage:
    every = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{name: used.get(name, False) for name in every})


def _key_identifier(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)


def tell(address: str, verb: str, **fields: Any) -> dict[str, Any]:
    """Ask a running authority to do something: ``issue``, ``revoke`` or ``behave``."""
    request = urllib.request.Request(  # noqa: S310 - the sample's own address
        f"{address.rstrip('/')}/ca/{verb}", data=json.dumps(fields).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
        told: dict[str, Any] = json.load(answer)
        return told


def main(argv: list[str] | None = None) -> int:
    """Tell a running authority to revoke a certificate, or to be slow, wrong or down."""
    parser = argparse.ArgumentParser(prog="tuphap.runtime.simulators.ca", description=__doc__)
    parser.add_argument("--address", default="http://localhost:8002")
    verbs = parser.add_subparsers(dest="verb", required=True)
    issue = verbs.add_parser("issue", help="certify the key in a request")
    issue.add_argument("request", type=Path, help="certificate request, PEM")
    for name in ("name", "office", "office-code"):
        issue.add_argument(f"--{name}", required=True)
    issue.add_argument("--title", default="")
    issue.add_argument("--authority", default="public-duty")
    revoke = verbs.add_parser("revoke")
    revoke.add_argument("serial", help="in decimal")
    revoke.add_argument("--authority", default="public-duty")
    revoke.add_argument("--at", default="", help="ISO instant; now when absent")
    revoke.add_argument("--reason", default="key_compromise")
    behave = verbs.add_parser("behave")
    behave.add_argument("what", choices=("tsa", "crl"))
    behave.add_argument("how", choices=("well", "slow", "wrong", "down"))
    arguments = vars(parser.parse_args(argv))
    address, verb = arguments.pop("address"), arguments.pop("verb")
    if verb == "issue":
        arguments["request"] = arguments["request"].read_text()
    told = tell(address, verb, **{key: value for key, value in arguments.items() if value != ""})
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
