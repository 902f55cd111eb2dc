"""The chain's public names: link, seal, prove, verify. The command line and the tasks call these."""

from .places import Folder, Mail, Place
from .sealing import ChainBroken, NotYetSealed, Signer, SignerProcess, checkpoint, proof, statement_of
from .sequencer import sequence
from .verifier import Break, BreakKind, Report, verify

__all__ = [
    "Break", "BreakKind", "ChainBroken", "Folder", "Mail", "NotYetSealed", "Place", "Report", "Signer", "SignerProcess",
    "checkpoint", "proof", "sequence", "statement_of", "verify",
]
