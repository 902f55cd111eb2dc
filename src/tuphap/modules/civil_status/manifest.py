"""What this module plugs into the mechanisms."""

from tuphap.shared.plug import Manifest

MANIFEST = Manifest(name="civil_status", title="Hộ tịch", declarations=())
