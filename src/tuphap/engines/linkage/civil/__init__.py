"""Civil-status entries and the population database: who in the one is who in the other.

The way of a run (``job``): ``tidy`` puts columns right → ``arrays`` makes numbers of them → ``keys`` finds candidates
(joined by ``duck`` or ``spark``) → ``compare`` weighs a pair → ``model`` learns the weights from the data themselves →
``judge`` decides. ``words`` tells a pair's weights to a clerk; ``index`` answers for one record.
"""
