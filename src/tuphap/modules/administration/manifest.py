"""What this module plugs into the mechanisms."""

from tuphap.shared.plug import Manifest

MANIFEST = Manifest(name="administration", title="Quản trị hệ thống", declarations=())
