"""What this module plugs into the mechanisms."""

from tuphap.shared.plug import Manifest

MANIFEST = Manifest(name="direction", title="Chỉ đạo, điều hành", declarations=())
