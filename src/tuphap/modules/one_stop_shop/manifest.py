"""What this module plugs into the mechanisms."""

from tuphap.shared.plug import Manifest

MANIFEST = Manifest(name="one_stop_shop", title="Một cửa", declarations=())
