"""Stand-ins for six agencies and a bank in one process, each a member of its own with its own key, over real HTTP.

``python -m tuphap.runtime.simulators.agencies --port N --home DIR --platform URL``. Police give personal numbers, the
residence system registers and removes, social insurance issues cards, it and the social assistance grant money for
funerals and stop what they paid the dead, the national portal and the Ministry take what is pushed to them; the payment
platform takes transfers that a payer makes on its bank page (``/ngan-hang/``), tells of them, gives them back. What
they have done lies in one SQLite file that is on disk before they answer, so that a kill loses nothing.

Telling them how to behave (``application/json``; ``all`` for every agency):

- ``POST /_control/{agency}``: any of the fields of :class:`.server.Control`;
  ``tells``: what is wrong with what the bank tells of a transfer (``wrong_amount bad_signature unknown_order lost``);
- ``POST /_people``: ``{"people": [record, …]}`` of the population database, new ones or changed; ``GET`` tells all;
- ``POST /_act/{agency}``: ``{"kind", "subject", "body", "dossier"}``, sent to the platform of the agency's own accord;
- ``GET /_state``: what each has received, done and sent; ``GET /_waiting``: how many of its calls still wait.
"""
