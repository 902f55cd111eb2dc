"""The joined procedures: one declaration for the register and for what follows at other agencies.

A birth with the residence and the health card of a child under six; a death with the removal of the residence, the
money for the funeral and the end of what the dead were paid.
"""
