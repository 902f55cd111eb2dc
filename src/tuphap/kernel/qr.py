"""QR codes as SVG: black on white, the module of two around them, read by any phone from paper and from a screen."""

from __future__ import annotations


def qr_svg(text: str, *, sized: bool = True) -> str:
    """The QR code of ``text`` as an SVG element.

    :param sized: with its size in pixels; without, it fills the place it stands in, and carries no classes.
    """
    import segno  # not above: whoever reads a model would load it

    made = segno.make(text, error="m", micro=False)
    if sized:
        return str(made.svg_inline(border=2, dark="#000", light="#fff"))
    return str(made.svg_inline(omitsize=True, border=2, dark="#000", light="#fff", svgclass=None, lineclass=None))
