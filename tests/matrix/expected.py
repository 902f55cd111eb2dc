"""Who gets which answer where: reviewed by hand, not computed from the policy.

The object that an address names belongs to the commune ``here``; see ``scene``. Columns: passer-by, citizen (not the
applicant); receiver, civil-status officer and chairman of *another* commune; the department's director, inspector and
administrator; a bank with its token (API only, ``-`` elsewhere).

``in``: sent to the login page; ``go``: sent elsewhere after it was done; otherwise the status. A method that is not
listed is shut to everybody.
"""

TABLE = """
# method address                                               pass citz recv offi chmn dire insp admi bank

# The frame. Anybody sees the front door; a ticket for the live stream is for who has logged in.
GET    site:home                                               200  200  200  200  200  200  200  200    -
GET    site:find_units                                         200  200  200  200  200  200  200  200    -
GET    site:health                                             200  200  200  200  200  200  200  200    -
GET    site:stream_ticket                                      403  200  200  200  200  200  200  200    -
GET    site:sample_progress                                    200  200  200  200  200  200  200  200    -

# Logging in, and one's own account. Another's session is not even there; citizens have no password.
GET    accounts:login                                          200  200  200  200  200  200  200  200    -
POST   accounts:login                                          422  422  422  422  422  422  422  422    -
GET    accounts:second_factor                                   in   in   in   in   in   in   in   in    -
POST   accounts:second_factor                                   in   in   in   in   in   in   in   in    -
GET    accounts:enrol                                           in   in   in   in   in   in   in   in    -
POST   accounts:enrol                                           in   in   in   in   in   in   in   in    -
GET    accounts:recover                                         in   in   in   in   in   in   in   in    -
POST   accounts:recover                                         in   in   in   in   in   in   in   in    -
GET    accounts:oidc_start                                     503  503  503  503  503  503  503  503    -
GET    accounts:oidc_callback                                  400  400  400  400  400  400  400  400    -
GET    accounts:no_number                                      200  200  200  200  200  200  200  200    -
POST   accounts:logout                                          go   go   go   go   go   go   go   go    -
GET    accounts:sessions                                        in  200  200  200  200  200  200  200    -
POST   accounts:end_other_sessions                              in   go   go   go   go   go   go   go    -
POST   accounts:end_session                                     in  404  404  404  404  404  404  404    -
GET    accounts:password                                        in  403  200  200  200  200  200  200    -
POST   accounts:password                                        in  403  422  422  422  422  422  422    -
GET    accounts:recovery_codes                                  in  403  200  200  200  200  200  200    -
POST   accounts:recovery_codes                                  in  403  422  422  422  422  422  422    -

# The public check of papers: for everybody, and never the content.
GET    documents:verify                                        200  200  200  200  200  200  200  200    -
POST   documents:verify                                        422  422  422  422  422  422  422  422    -
POST   documents:verify_file                                   422  422  422  422  422  422  422  422    -
GET    documents:verify_code                                   200  200  200  200  200  200  200  200    -

# One's own notices; another's is not even there.
GET    notices:list                                            403  200  200  200  200  200  200  200    -
POST   notices:read_all                                        403   go   go   go   go   go   go   go    -
POST   notices:open                                            404  404  404  404  404  404  404  404    -

# How one is told; a delivery report without the gateway's signature is nobody's.
GET    notices:preferences                                     403  200  200  200  200  200  200  200    -
POST   notices:preferences                                     403  422  422  422  422  422  422  422    -
POST   notices:report                                          401  401  401  401  401  401  401  401    -

# Search is for who holds something that can be searched.
GET    search:results                                          403  403  200  200  200  200  200  403    -

# The portal, then the desk. Another's dossier is not even there for citizens (404) and no page for staff (403);
# at the desk another commune's is not even there, while the department's director and inspector may read, not act
# (422: the refusal is shown beside the form). Lists hold only what one may see; see the test on names.
GET    one_stop_shop:procedures                                200  200  200  200  200  200  200  200    -
GET    one_stop_shop:procedure                                 200  200  200  200  200  200  200  200    -
GET    one_stop_shop:start                                     200  200   go   go   go   go   go   go    -
POST   one_stop_shop:start                                     422  422   go   go   go   go   go   go    -
GET    one_stop_shop:track                                     200  200  200  200  200  200  200  200    -
POST   one_stop_shop:track                                     422  422  422  422  422  422  422  422    -
GET    one_stop_shop:my_dossiers                                in  200  403  403  403  403  403  403    -
GET    one_stop_shop:fill                                       in  404  403  403  403  403  403  403    -
POST   one_stop_shop:fill                                       in  404  403  403  403  403  403  403    -
GET    one_stop_shop:for_another                                in  404  403  403  403  403  403  403    -
POST   one_stop_shop:for_another                                in  404  403  403  403  403  403  403    -
GET    one_stop_shop:way                                        in  404  403  403  403  403  403  403    -
POST   one_stop_shop:way                                        in  404  403  403  403  403  403  403    -
# The store and the looks are one's own: empty for who has none, another's paper is not even there.
GET    one_stop_shop:store                                      in  200  403  403  403  403  403  403    -
GET    one_stop_shop:stored_file                                in  404  403  403  403  403  403  403    -
POST   one_stop_shop:attach_stored                              in  404  403  403  403  403  403  403    -
GET    one_stop_shop:who_looked                                 in  200  403  403  403  403  403  403    -
GET    one_stop_shop:papers                                     in  404  403  403  403  403  403  403    -
POST   one_stop_shop:papers                                     in  404  403  403  403  403  403  403    -
GET    one_stop_shop:own_file                                   in  404  403  403  403  403  403  403    -
POST   one_stop_shop:detach                                     in  403  403  403  403  403  403  403    -
GET    one_stop_shop:check                                      in  404  403  403  403  403  403  403    -
POST   one_stop_shop:check                                      in  404  403  403  403  403  403  403    -
GET    one_stop_shop:sent                                       in  404  403  403  403  403  403  403    -
POST   one_stop_shop:rate                                       in  404  403  403  403  403  403  403    -
POST   one_stop_shop:withdraw                                   in  404  403  403  403  403  403  403    -
GET    one_stop_shop:own_slip                                   in  404  403  403  403  403  403  403    -
GET    one_stop_shop:own_slip_pdf                               in  404  403  403  403  403  403  403    -
GET    one_stop_shop:own_result                                 in  404  403  403  403  403  403  403    -
GET    one_stop_shop:own_dossier                                in  404  403  403  403  403  403  403    -
GET    one_stop_shop:worklist                                   in  403  200  200  200  200  200  200    -
GET    one_stop_shop:all_dossiers                               in  403  200  200  200  200  200  200    -
POST   one_stop_shop:act                                        in  403  404  404  404  422  422  404    -
GET    one_stop_shop:paper                                      in  403  404  404  404  404  404  404    -
GET    one_stop_shop:slip                                       in  403  404  404  404  404  404  404    -
GET    one_stop_shop:slip_pdf                                   in  403  404  404  404  404  404  404    -
GET    one_stop_shop:control_sheet                              in  403  404  404  404  200  200  404    -
GET    one_stop_shop:control_sheet_pdf                          in  403  404  404  404  200  200  404    -
GET    one_stop_shop:result                                     in  403  404  404  404  404  404  404    -
GET    one_stop_shop:dossier                                    in  403  404  404  404  200  200  404    -
GET    one_stop_shop:counter                                    in  403  200  403  403  403  403  403    -
GET    one_stop_shop:receive_at_counter                         in  403  200  403  403  403  403  403    -
POST   one_stop_shop:receive_at_counter                         in  403  422  403  403  403  403  403    -
POST   one_stop_shop:read_card                                  in  403  422  403  403  403  403  403    -
# What goes by post is the receiver's; how a result comes is changed by the desk alone, where it sees the dossier.
GET    one_stop_shop:postal                                     in  403  200  403  403  403  403  403    -
POST   one_stop_shop:postal                                     in  403  422  403  403  403  403  403    -
GET    one_stop_shop:postal_sheet                               in  403  200  403  403  403  403  403    -
POST   one_stop_shop:post_delivered                             in  403  404  404  404  404  404  404    -
GET    one_stop_shop:desk_way                                   in  403  404  404  404  200  200  404    -
POST   one_stop_shop:desk_way                                   in  403  404  404  404  422  422  404    -
GET    one_stop_shop:sign                                       in  403  200  200  200  200  200  200    -
POST   one_stop_shop:sign                                       in  403  422  422  422  422  422  422    -
GET    one_stop_shop:signed                                     in  403  200  200  200  200  200  200    -
GET    one_stop_shop:tracking_book                              in  403  200  200  200  200  200  200    -

# Money. One's own is the applicant's to pay; the desk of another commune knows of none; the director and the inspector
# look and take nothing (403). Finance: the head of an office for its own money, director and inspector to look at.
GET    one_stop_shop:pay                                        in  404  403  403  403  403  403  403    -
POST   one_stop_shop:pay                                        in  404  403  403  403  403  403  403    -
POST   one_stop_shop:check_payment                              in  404  403  403  403  403  403  403    -
GET    one_stop_shop:own_receipt                                in  404  403  403  403  403  403  403    -
GET    one_stop_shop:own_receipt_pdf                            in  404  403  403  403  403  403  403    -
GET    one_stop_shop:dossier_fees                               in  403  404  404  404  200  200  404    -
POST   one_stop_shop:fee_act                                    in  403  404  404  404  403  403  404    -
GET    one_stop_shop:receipt                                    in  403  404  404  404  200  200  404    -
GET    one_stop_shop:receipt_pdf                                in  403  404  404  404  200  200  404    -
POST   one_stop_shop:void_receipt                               in  403  404  404  404  403  403  404    -
POST   one_stop_shop:ask_refund                                 in  403  404  404  404  403  403  404    -
GET    one_stop_shop:finance                                    in  403  403  403  200  200  200  403    -
POST   one_stop_shop:reconcile                                  in  403  403  403   go  403  403  403    -
GET    one_stop_shop:refunds                                    in  403  403  403  200  200  200  403    -
POST   one_stop_shop:pay_refund                                 in  403  403  403  403  403  403  403    -
POST   one_stop_shop:decline_refund                             in  403  403  403  403  403  403  403    -
GET    one_stop_shop:unmatched                                  in  403  403  403  200  200  200  403    -
POST   one_stop_shop:assign_transfer                            in  403  403  403  404  403  403  403    -
POST   one_stop_shop:return_transfer                            in  403  403  403  403  403  403  403    -
GET    one_stop_shop:accounts                                   in  403  403  403  200  200  200  403    -
POST   one_stop_shop:accounts                                   in  403  403  403  422  422  422  403    -
# Papers on their way. The lists of another commune are not there; the director and the inspector read them, and sign
# and cancel nothing. Scans of what is signed by hand: theirs is the same (its file is missing in this scene: 404).
GET    one_stop_shop:hand_overs                                 in  403  200  200  200  200  200  200    -
POST   one_stop_shop:make_hand_over                             in  403  422  422  422  422  422  422    -
GET    one_stop_shop:hand_over                                  in  403  404  404  404  200  200  404    -
POST   one_stop_shop:take_over                                  in  403  404  404  404  403  403  404    -
POST   one_stop_shop:cancel_hand_over                           in  403  404  404  404  403  403  404    -
GET    one_stop_shop:print_hand_over                            in  403  404  404  404  200  200  404    -
GET    one_stop_shop:hand_over_pdf                              in  403  404  404  404  200  200  404    -
GET    one_stop_shop:originals                                  in  403  200  200  200  200  200  200    -
POST   one_stop_shop:attach_scan                                in  403  404  404  404  403  403  404    -
GET    one_stop_shop:scan                                       in  403  404  404  404  404  404  404    -
POST   one_stop_shop:verify_scan                                in  403  404  404  404  403  403  404    -
POST   one_stop_shop:send_scan_back                             in  403  404  404  404  403  403  404    -

# The paper of a dossier that no module handles: worded by its officer, signed by its chairman. The director and the
# inspector see the dossier and its draft, and word and sign nothing.
GET    one_stop_shop:draft_decision                             in  403  404  404  404  403  403  404    -
POST   one_stop_shop:draft_decision                             in  403  404  404  404  403  403  404    -
GET    one_stop_shop:preview_decision                           in  403  404  404  404  200  200  404    -
GET    one_stop_shop:failed_signings                            in  403  403  403  200  403  403  403    -
POST   one_stop_shop:retry_signing                              in  403  403  403  403  403  403  403    -
POST   one_stop_shop:void_decision                              in  403  403  403  403  403  403  403    -

# The register. The receiver and the administrator have no business here; another commune's act is not there; the
# director and the inspector read (its signed paper is missing in this scene: 404) and change nothing.
GET    civil_status:register                                    in  403  403  200  200  200  200  403    -
GET    civil_status:search                                      in  403  403  200  200  200  200  403    -
GET    civil_status:person                                      in  403  403  200  200  200  200  403    -
POST   civil_status:person                                      in  403  403  422  422  422  422  403    -
GET    civil_status:books                                       in  403  403  200  200  200  200  403    -
POST   civil_status:open_book                                   in  403  422  422  422  422  422  422    -
GET    civil_status:book                                        in  403  404  404  404  200  200  404    -
GET    civil_status:print_book                                  in  403  404  404  404  200  200  404    -
POST   civil_status:close_book                                  in  403  403  403  403  403  403  403    -
GET    civil_status:act                                         in  403  404  404  404  200  200  404    -
POST   civil_status:set_personal_number                         in  403  404  404  404  422  422  404    -
POST   civil_status:note_divorce                                in  403  404  404  404  422  422  404    -
POST   civil_status:cancel_act                                  in  403  404  404  404  422  422  404    -
GET    civil_status:paper                                       in  403  404  404  404  404  404  404    -
GET    civil_status:failed_signings                             in  403  403  403  200  403  403  403    -
POST   civil_status:retry_signing                               in  403  403  403  403  403  403  403    -
POST   civil_status:void_act                                    in  403  403  403  403  403  403  403    -
POST   civil_status:void_extract                                in  403  403  403  403  403  403  403    -
GET    civil_status:act_of_dossier                              in  403  404  404  404   go   go  404    -
GET    civil_status:legs                                        in  403  403  200  200  200  200  403    -
GET    civil_status:leg                                         in  403  404  404  404  200  200  404    -
POST   civil_status:resend_leg                                  in  403  403  403  403  403  403  403    -
POST   civil_status:end_leg                                     in  403  403  403  403  403  403  403    -
POST   civil_status:verify_leg                                  in  403  404  404  404  422  422  404    -
GET    civil_status:old_entries                                 in  403  403  200  200  200  200  403    -
GET    civil_status:start_old_entry                             in  403  403  200  403  403  403  403    -
POST   civil_status:start_old_entry                             in  403  403  422  403  403  403  403    -
GET    civil_status:old_entry                                   in  403  404  404  404  200  200  404    -
GET    civil_status:old_entry_scan                              in  403  404  404  404  200  200  404    -
GET    civil_status:old_entry_line                              in  403  404  404  404  403  403  404    -
POST   civil_status:old_entry_line                              in  403  404  404  404  403  403  404    -
GET    civil_status:old_entry_part                              in  403  404  404  404  403  403  404    -
POST   civil_status:old_entry_part                              in  403  404  404  404  403  403  404    -
GET    civil_status:old_entry_notes                             in  403  404  404  404  403  403  404    -
POST   civil_status:old_entry_notes                             in  403  404  404  404  403  403  404    -
POST   civil_status:attach_old_scan                             in  403  404  404  404  422  422  404    -
POST   civil_status:propose_old_entry                           in  403  404  404  404  403  403  404    -
POST   civil_status:withdraw_old_entry                          in  403  404  404  404  403  403  404    -
GET    civil_status:confirm_old_entry                           in  403  404  404  404  403  403  404    -
POST   civil_status:confirm_old_entry                           in  403  404  404  404  403  403  404    -
POST   civil_status:return_old_entry                            in  403  404  404  404  403  403  404    -

# Files of keyed entries: for who manages digitisation, which nobody here does; another office's is not even there.
GET    digitisation:imports                                     in  403  403  403  403  403  403  403      -
GET    digitisation:choose_import                               in  403  403  403  403  403  403  403      -
POST   digitisation:choose_import                               in  403  403  403  403  403  403  403      -
GET    digitisation:import                                      in  403  404  404  404  404  404  404      -
GET    digitisation:import_mapping                              in  403  404  404  404  404  404  404      -
POST   digitisation:import_mapping                              in  403  404  404  404  404  404  404      -
POST   digitisation:keep_import_mapping                         in  403  404  404  404  404  404  404      -
POST   digitisation:use_import_mapping                          in  403  404  404  404  404  404  404      -
POST   digitisation:start_import                                in  403  404  404  404  404  404  404      -
POST   digitisation:pause_import                                in  403  404  404  404  404  404  404      -
POST   digitisation:withdraw_import                             in  403  404  404  404  404  404  404      -
GET    digitisation:import_rows                                 in  403  404  404  404  404  404  404      -
GET    civil_status:preview                                     in  403  404  404  404  200  200  404    -

# Figures: chairmen of their own commune, director and inspector of the province.
GET    direction:dashboard                                     403  403  403  403  200  200  200  403    -
GET    direction:print                                         403  403  403  403  200  200  200  403    -
GET    direction:table_csv                                     403  403  403  403  200  200  200  403    -
GET    direction:drill                                         403  403  403  403  200  200  200  403    -
GET    direction:drill_csv                                     403  403  403  403  200  200  200  403    -
# A module's figures on one page, and as files.
GET    direction:boards                                        403  403  403  403  200  200  200  403    -
GET    direction:board                                         403  403  403  403  200  200  200  403    -
GET    direction:board_file                                    403  403  403  403  200  200  200  403    -
# Closed periods: who may look may read them; closing and reopening is the director's alone.
GET    direction:statistics                                    403  403  403  403  200  200  200  403    -
GET    direction:statistics_file                               403  403  403  403  200  200  200  403    -
GET    direction:periods                                       403  403  403  403  200  200  200  403    -
POST   direction:close_period                                  403  403  403  403  403  422  403  403    -
GET    direction:closing                                       403  403  403  403  404  200  200  403    -
POST   direction:reopen_period                                 403  403  403  403  403   go  403  403    -

# Digitising old books: each has their part by a role of its own, which nobody here holds; who oversees reads, of one's
# own office the officer and the chairman as well.
GET    digitisation:progress                                    in  403  403  200  200  200  200  403    -
GET    digitisation:progress_file                               in  403  403  200  200  200  200  403    -
GET    digitisation:quality                                     in  403  403  200  200  200  200  403    -
GET    digitisation:quality_file                                in  403  403  200  200  200  200  403    -
GET    digitisation:books                                       in  403  403  200  200  200  200  403    -
GET    digitisation:enter_book                                  in  403  403  403  403  403  403  403    -
POST   digitisation:enter_book                                  in  403  403  403  403  403  403  403    -
GET    digitisation:import_manifest                             in  403  403  403  403  403  403  403    -
POST   digitisation:import_manifest                             in  403  403  403  403  403  403  403    -
GET    digitisation:manifest_sample                             in  403  403  403  403  403  403  403    -
GET    digitisation:stray                                       in  403  403  403  403  403  403  403    -
GET    digitisation:book                                        in  403  404  404  404  200  200  404    -
GET    digitisation:change_book                                 in  403  404  404  404  403  403  404    -
POST   digitisation:change_book                                 in  403  404  404  404  403  403  404    -
POST   digitisation:take_in_scans                               in  403  404  404  404  422  422  404    -
GET    digitisation:approve_book                                in  403  404  404  404  403  403  404    -
POST   digitisation:approve_book                                in  403  404  404  404  403  403  404    -
POST   digitisation:transfer                                    in  403  404  404  404  403  403  404    -
POST   digitisation:close_book                                  in  403  404  404  404  403  403  404    -
GET    digitisation:proof_next                                  in  403   go   go   go   go   go   go    -
GET    digitisation:practice                                    in  403  403  403  403  403  403  403    -
POST   digitisation:practice                                    in  403  403  403  403  403  403  403    -
GET    digitisation:keying                                      in  403  403  403  403  403  403  403    -
POST   digitisation:take_next                                   in  403  403  403  403  403  403  403    -
GET    digitisation:proofing                                    in  403  403  403  403  403  403  403    -
GET    digitisation:entries                                     in  403  403  200  200  200  200  403    -
GET    digitisation:entry                                       in  403  404  404  404  200  200  404    -
GET    digitisation:scan                                        in  403  404  404  404  404  404  404    -
GET    digitisation:page                                        in  403  404  404  404  404  404  404    -
POST   digitisation:take                                        in  403  403  403  403  403  403  403    -
GET    digitisation:key                                         in  403  404  404  404  403  403  404    -
POST   digitisation:key                                         in  403  404  404  404  403  403  404    -
GET    digitisation:suggestions                                 in  403  404  404  404  403  403  404    -
POST   digitisation:unreadable                                  in  403  404  404  404  403  403  404    -
GET    digitisation:proof                                       in  403  404  404  404  403  403  404    -
POST   digitisation:proof                                       in  403  404  404  404  403  403  404    -
POST   digitisation:return_entry                                in  403  404  404  404  403  403  404    -
POST   digitisation:approve                                     in  403  403  403  403  403  403  403    -
POST   digitisation:answer_duplicate                            in  403  404  404  404  403  403  404    -

# Statistical reports. The commune's own people make and sign them; another commune's report is not even there. The
# department's checker and planner (here the director holds their roles) check what was sent (422: this one was not),
# sum up (404: no such period) and enter forms; the inspector looks on.
GET    reporting:reports                                       403  403  403  200  200  200  200  403    -
POST   reporting:begin                                         403  403  403  404  403  403  403  403    -
POST   reporting:aggregate                                     403  403  403  403  403  404  403  403    -
GET    reporting:forms                                         403  403  403  200  200  200  200  403    -
GET    reporting:form                                          403  403  403  200  200  200  200  403    -
GET    reporting:new_version                                   403  403  403  403  403  200  403  403    -
POST   reporting:new_version                                   403  403  403  403  403  422  403  403    -
GET    reporting:report                                        403  403  403  404  404  200  200  403    -
GET    reporting:cell                                          403  403  403  404  404  200  200  403    -
GET    reporting:file                                          403  403  403  404  404  200  200  403    -
POST   reporting:fill                                          403  403  403  404  404  403  403  403    -
POST   reporting:recount                                       403  403  403  404  404  403  403  403    -
POST   reporting:approve                                       403  403  403  404  404  403  403  403    -
POST   reporting:send_back                                     403  403  403  404  404  403  403  403    -
POST   reporting:accept                                        403  403  403  404  404  422  403  403    -
POST   reporting:return                                        403  403  403  404  404  422  403  403    -
POST   reporting:amend                                         403  403  403  404  404  403  403  403    -

# Administration: the province's administrator alone (he may manage `here`); lending is for every member of staff.
GET    administration:home                                      go   go   go   go   go   go   go   go    -
POST   administration:home                                      go   go   go   go   go   go   go   go    -
GET    administration:people                                    in  403  403  403  403  403  403  200    -
GET    administration:add_staff                                 in  403  403  403  403  403  403  200    -
POST   administration:add_staff                                 in  403  403  403  403  403  403  422    -
GET    administration:add_agency                                in  403  403  403  403  403  403  200    -
POST   administration:add_agency                                in  403  403  403  403  403  403  422    -
GET    administration:person                                    in  403  403  403  403  403  403  200    -
POST   administration:disable                                   in  403  403  403  403  403  403   go    -
POST   administration:move_staff                                in  403  403  403  403  403  403  422    -
POST   administration:enable                                    in  403  403  403  403  403  403  409    -
POST   administration:unlock                                    in  403  403  403  403  403  403   go    -
POST   administration:reset_password                            in  403  403  403  403  403  403  200    -
POST   administration:reset_second_factor                       in  403  403  403  403  403  403   go    -
POST   administration:give_role                                 in  403  403  403  403  403  403  422    -
POST   administration:issue_token                               in  403  403  403  403  403  403  422    -
POST   administration:revoke_grant                              in  403  403  403  403  403  403   go    -
POST   administration:revoke_token                              in  403  403  403  403  403  403   go    -
GET    administration:delegation                                in  403  200  200  200  200  200  200    -
POST   administration:delegation                                in  403  422  422  422  422  422  422    -
POST   administration:end_delegation                            in  403  403  403  403  403  403   go    -
GET    administration:calendar                                  in  403  403  403  403  403  403  200    -
POST   administration:calendar                                  in  403  403  403  403  403  403  422    -
# The law: the catalogue is one for the province, and its administrator alone keeps it.
GET    administration:law_procedures                            in  403  403  403  403  403  403  200    -
GET    administration:law_new_procedure                         in  403  403  403  403  403  403  200    -
POST   administration:law_new_procedure                         in  403  403  403  403  403  403  422    -
GET    administration:law_versions                              in  403  403  403  403  403  403  200    -
GET    administration:law_new_version                           in  403  403  403  403  403  403  200    -
POST   administration:law_new_version                           in  403  403  403  403  403  403  422    -
POST   administration:law_withdraw                              in  403  403  403  403  403  403  422    -
GET    administration:law_parameters                            in  403  403  403  403  403  403  200    -
POST   administration:law_set_parameter                         in  403  403  403  403  403  403  422    -
GET    administration:law_decrees                               in  403  403  403  403  403  403  200    -
POST   administration:law_decrees                               in  403  403  403  403  403  403  422    -
GET    administration:law_decree                                in  403  403  403  403  403  403  200    -
POST   administration:law_decree                                in  403  403  403  403  403  403  422    -
GET    administration:log                                       in  403  403  403  403  403  200  200    -
GET    administration:rights_csv                                in  403  403  403  403  403  403  200    -

# Messages to and from other agencies: whoever looks after them, over the offices in their reach; here the province's
# administrator. To others a message is not even there.
GET    exchange:board                                           in  403  403  403  403  403  403  200    -
GET    exchange:dead_letters                                    in  403  403  403  403  403  403  200    -
GET    exchange:outbound                                        in  403  403  403  403  403  403  200    -
GET    exchange:message                                         in  403  404  404  404  404  404  200    -
POST   exchange:send_again                                      in  403  404  404  404  404  404   go    -
POST   exchange:give_up                                         in  403  404  404  404  404  404   go    -
GET    exchange:received                                        in  403  403  403  403  403  403  200    -
GET    exchange:received_message                                in  403  404  404  404  404  404  200    -
POST   exchange:handle_again                                    in  403  404  404  404  404  404   go    -
POST   exchange:pass_over                                       in  403  404  404  404  404  404   go    -
GET    exchange:calls                                           in  403  403  403  403  403  403  200    -
POST   exchange:resume                                          in  403  403  403  403  403  403   go    -
POST   exchange:probe                                           in  403  403  403  403  403  403   go    -

# The same over the API. 401: not logged in. The bank's token opens the check of a certificate and what is public.
# 409 for director and inspector: they may see the dossier, and the step is not one it can take now.
GET    /api/v1/me                                              401  200  200  200  200  200  200  200  200
GET    /api/v1/units                                           200  200  200  200  200  200  200  200  200
POST   /api/v1/documents/verify                                200  200  200  200  200  200  200  200  200
GET    /api/v1/documents/<code>                                200  200  200  200  200  200  200  200  200
GET    /api/v1/documents/by-hash/<sha256>                      200  200  200  200  200  200  200  200  200
GET    /api/v1/administration/roles                            401  403  403  403  403  403  403  200  403
GET    /api/v1/administration/accounts                         401  403  403  403  403  403  403  200  403
POST   /api/v1/administration/accounts                         401  403  403  403  403  403  403  201  403
GET    /api/v1/administration/accounts/<user_id>               401  403  403  403  403  403  403  200  403
POST   /api/v1/administration/accounts/<user_id>/disable       401  403  403  403  403  403  403  200  403
POST   /api/v1/administration/accounts/<user_id>/enable        401  403  403  403  403  403  403  409  403
POST   /api/v1/administration/accounts/<user_id>/unlock        401  403  403  403  403  403  403  200  403
GET    /api/v1/administration/accounts/<user_id>/grants        401  403  403  403  403  403  403  200  403
POST   /api/v1/administration/accounts/<user_id>/roles         401  403  403  403  403  403  403  201  403
POST   /api/v1/administration/grants/<grant_id>/revoke         401  403  403  403  403  403  403  200  403
POST   /api/v1/administration/delegations                      401  404  404  404  404  404  404  404  404
POST   /api/v1/administration/delegations/<grant_id>/end       401  403  403  403  403  403  403  200  403
GET    /api/v1/administration/accounts/<user_id>/tokens        401  403  403  403  403  403  403  200  403
POST   /api/v1/administration/accounts/<user_id>/tokens        401  403  403  403  403  403  403  201  403
POST   /api/v1/administration/tokens/<token_id>/revoke         401  403  403  403  403  403  403  200  403
GET    /api/v1/administration/procedures                       401  403  403  403  403  403  403  200  403
POST   /api/v1/administration/procedures                       401  403  403  403  403  403  403  201  403
GET    /api/v1/administration/procedures/<code>/versions       401  403  403  403  403  403  403  200  403
POST   /api/v1/administration/procedures/<code>/versions       401  403  403  403  403  403  403  201  403
POST   /api/v1/administration/procedures/<code>/withdraw       401  403  403  403  403  403  403  200  403
GET    /api/v1/administration/parameters                       401  403  403  403  403  403  403  200  403
POST   /api/v1/administration/parameters/<code>                401  403  403  403  403  403  403  201  403
GET    /api/v1/administration/decrees                          401  403  403  403  403  403  403  200  403
POST   /api/v1/administration/decrees                          401  403  403  403  403  403  403  201  403
GET    /api/v1/administration/decrees/<decree_id>              401  403  403  403  403  403  403  200  403
POST   /api/v1/administration/decrees/<decree_id>/days         401  403  403  403  403  403  403  201  403
GET    /api/v1/procedures                                      200  200  200  200  200  200  200  200  200
GET    /api/v1/procedures/<code>                               200  200  200  200  200  200  200  200  200
GET    /api/v1/dossiers                                        401  200  200  200  200  200  200  200  200
POST   /api/v1/dossiers                                        401  201  422  422  422  422  422  422  422
GET    /api/v1/worklist                                        401  200  200  200  200  200  200  200  200
GET    /api/v1/tracking                                        404  404  404  404  404  404  404  404  404
GET    /api/v1/dossiers/<reference>                            401  404  404  404  404  200  200  404  404
GET    /api/v1/dossiers/<reference>/events                     401  404  404  404  404  200  200  404  404
GET    /api/v1/dossiers/<reference>/control-sheet              401  404  404  404  404  200  200  404  404
GET    /api/v1/dossiers/<reference>/findings                   401  404  404  404  404  403  403  404  404
GET    /api/v1/dossiers/<reference>/slips/<form>               401  404  404  404  404  404  404  404  404
GET    /api/v1/dossiers/<reference>/fees                       401  404  404  404  404  200  200  404  404
POST   /api/v1/dossiers/<reference>/fees/assess                401  404  404  404  404  403  403  404  404
POST   /api/v1/dossiers/<reference>/fees/exempt                401  404  404  404  404  403  403  404  404
POST   /api/v1/dossiers/<reference>/fees/cash                  401  404  404  404  404  403  403  404  404
POST   /api/v1/dossiers/<reference>/fees/order                 401  404  404  404  404  403  403  404  404
GET    /api/v1/receipts/<receipt_id>/pdf                       401  404  404  404  404  200  200  404  404
POST   /api/v1/receipts/<receipt_id>/void                      401  404  404  404  404  403  403  404  404
POST   /api/v1/receipts/<receipt_id>/refund                    401  404  404  404  404  403  403  404  404
GET    /api/v1/finance/receipts                                401  403  403  403  200  200  200  403  403
GET    /api/v1/finance/refunds                                 401  403  403  403  200  200  200  403  403
POST   /api/v1/finance/refunds/<refund_id>/pay                 401  403  403  403  403  403  403  403  403
POST   /api/v1/finance/refunds/<refund_id>/decline             401  403  403  403  403  403  403  403  403
GET    /api/v1/finance/transfers                               401  403  403  403  200  200  200  403  403
POST   /api/v1/finance/transfers/<transfer_id>/assign          401  403  403  403  404  403  403  403  403
POST   /api/v1/finance/transfers/<transfer_id>/return          401  403  403  403  403  403  403  403  403
POST   /api/v1/counter/dossiers                                401  422  403  403  403  403  403  403  403
PUT    /api/v1/dossiers/<reference>/pages/<page>               401  404  404  404  404  403  403  404  404
PUT    /api/v1/dossiers/<reference>/representation             401  404  404  404  404  403  403  404  404
PUT    /api/v1/dossiers/<reference>/result-way                 401  404  404  404  404  403  403  404  404
POST   /api/v1/dossiers/<reference>/stored-papers              401  404  404  404  404  403  403  404  404
POST   /api/v1/dossiers/<reference>/hand-to-post               401  404  404  404  404  403  403  404  404
POST   /api/v1/dossiers/<reference>/post-delivered             401  404  404  404  404  404  404  404  404
POST   /api/v1/dossiers/<reference>/post-returned              401  404  404  404  404  409  409  404  404
GET    /api/v1/postal                                          401  403  200  403  403  403  403  403  403
# The store of results and the looks at one's data: one's own, and so nothing for who is no citizen.
GET    /api/v1/results                                         401  200  200  200  200  200  200  200  200
GET    /api/v1/results/<document_id>                           401  404  404  404  404  404  404  404  404
GET    /api/v1/looks                                           401  200  200  200  200  200  200  200  200
GET    /api/v1/notices/preferences                             401  200  200  200  200  200  200  200  200
PUT    /api/v1/notices/preferences                             401  200  200  200  200  200  200  200  200
POST   /api/v1/dossiers/<reference>/files                      401  404  404  404  404  403  403  404  404
POST   /api/v1/dossiers/<reference>/papers                     401  404  404  404  404  403  403  404  404
DELETE /api/v1/dossiers/<reference>/papers/<paper_id>          401  404  404  404  404  403  403  404  404
POST   /api/v1/dossiers/<reference>/lookups                    401  404  404  404  404  403  403  404  404
POST   /api/v1/dossiers/<reference>/submit                     401  404  404  404  404  409  409  404  404
POST   /api/v1/dossiers/<reference>/receive                    401  404  404  404  404  409  409  404  404
POST   /api/v1/dossiers/<reference>/ask-supplement             401  404  404  404  404  409  409  404  404
POST   /api/v1/dossiers/<reference>/answer-supplement          401  404  404  404  404  409  409  404  404
POST   /api/v1/dossiers/<reference>/refuse                     401  404  404  404  404  409  409  404  404
POST   /api/v1/dossiers/<reference>/assign                     401  404  404  404  404  409  409  404  404
POST   /api/v1/dossiers/<reference>/begin                      401  404  404  404  404  409  409  404  404
POST   /api/v1/dossiers/<reference>/propose                    401  404  404  404  404  409  409  404  404
POST   /api/v1/dossiers/<reference>/review                     401  404  404  404  404  409  409  404  404
POST   /api/v1/dossiers/<reference>/send-back                  401  404  404  404  404  409  409  404  404
POST   /api/v1/dossiers/<reference>/approve                    401  404  404  404  404  409  409  404  404
POST   /api/v1/approvals                                       401  200  200  200  200  200  200  200  200
POST   /api/v1/dossiers/<reference>/return                     401  404  404  404  404  403  403  404  404
POST   /api/v1/dossiers/<reference>/close                      401  404  404  404  404  409  409  404  404
POST   /api/v1/dossiers/<reference>/withdraw                   401  404  404  404  404  409  409  404  404
POST   /api/v1/dossiers/<reference>/rating                     401  404  404  404  404  403  403  404  404
POST   /api/v1/dossiers/<reference>/stop                       401  404  404  404  404  409  409  404  404
POST   /api/v1/dossiers/<reference>/pause-fee                  401  404  404  404  404  409  409  404  404
POST   /api/v1/dossiers/<reference>/settle-fee                 401  404  404  404  404  403  403  404  404
POST   /api/v1/dossiers/<reference>/ask-agency                 401  404  404  404  404  409  409  404  404
POST   /api/v1/dossiers/<reference>/resume                     401  404  404  404  404  409  409  404  404
POST   /api/v1/dossiers/<reference>/extend                     401  404  404  404  404  409  409  404  404
POST   /api/v1/dossiers/<reference>/transfer                   401  404  404  404  404  409  409  404  404
GET    /api/v1/hand-overs                                      401  200  200  200  200  200  200  200  200
POST   /api/v1/hand-overs                                      401  409  409  409  409  409  409  409  409
GET    /api/v1/hand-overs/<hand_over_id>                       401  404  404  404  404  200  200  404  404
POST   /api/v1/hand-overs/<hand_over_id>/take-over             401  404  404  404  404  403  403  404  404
POST   /api/v1/hand-overs/<hand_over_id>/cancel                401  404  404  404  404  403  403  404  404
POST   /api/v1/dossiers/<reference>/signed-scans               401  404  404  404  404  403  403  404  404
POST   /api/v1/dossiers/<reference>/signed-scans/<scan_id>/verify 401 404 404 404 404 403  403  404  404
POST   /api/v1/dossiers/<reference>/signed-scans/<scan_id>/reject 401 404 404 404 404 403  403  404  404
PUT    /api/v1/dossiers/<reference>/decision                   401  404  404  404  404  403  403  404  404
POST   /api/v1/decisions/<decision_id>/retry                   401  403  403  403  403  403  403  403  403
POST   /api/v1/decisions/<decision_id>/void                    401  403  403  403  403  403  403  403  403
GET    /api/v1/civil-status/births                             401  403  403  200  200  200  200  403  403
GET    /api/v1/civil-status/births/<act_id>                    401  404  404  404  404  200  200  404  404
GET    /api/v1/civil-status/acts/<act_id>                      401  404  404  404  404  200  200  404  404
POST   /api/v1/civil-status/acts/search                        401  403  403  200  200  200  200  403  403
GET    /api/v1/civil-status/dossiers/<reference>/legs       401  404  404  404  404  200  200  404  404
POST   /api/v1/civil-status/legs/<leg_id>/resend            401  403  403  403  403  403  403  403  403
POST   /api/v1/civil-status/legs/<leg_id>/end               401  403  403  403  403  403  403  403  403
POST   /api/v1/civil-status/legs/<leg_id>/number            401  403  403  403  403  403  403  403  403
GET    /api/v1/civil-status/old-entries                        401  403  403  200  200  200  200  403  403
POST   /api/v1/civil-status/old-entries                        401  403  403  403  403  403  403  403  403
GET    /api/v1/civil-status/old-entries/<entry_id>             401  404  404  404  404  200  200  404  404
PUT    /api/v1/civil-status/old-entries/<entry_id>/line        401  403  403  403  403  403  403  403  403
PUT    /api/v1/civil-status/old-entries/<entry_id>/parts/<part> 401 403  403  403  403  403  403  403  403
PUT    /api/v1/civil-status/old-entries/<entry_id>/notes       401  403  403  403  403  403  403  403  403
POST   /api/v1/civil-status/old-entries/<entry_id>/scan        401  403  403  403  403  403  403  403  403
POST   /api/v1/civil-status/old-entries/<entry_id>/propose     401  403  403  403  403  403  403  403  403
POST   /api/v1/civil-status/old-entries/<entry_id>/withdraw    401  403  403  403  403  403  403  403  403
POST   /api/v1/civil-status/old-entries/<entry_id>/confirm     401  403  403  403  403  403  403  403  403
POST   /api/v1/civil-status/old-entries/<entry_id>/return      401  403  403  403  403  403  403  403  403
POST   /api/v1/civil-status/births/search                      401  403  403  200  200  200  200  403  403
POST   /api/v1/civil-status/births/check                       401  403  403  403  403  403  403  403  200
POST   /api/v1/civil-status/persons/status                     401  403  403  403  403  403  403  403  200
GET    /api/v1/exchange/services                               401  403  403  403  403  403  403  200  403
POST   /api/v1/exchange/services/<code>/resume                 401  403  403  403  403  403  403  200  403
GET    /api/v1/exchange/messages                               401  403  403  403  403  403  403  200  403
GET    /api/v1/exchange/messages/<message_id>                  401  404  404  404  404  404  404  200  404
POST   /api/v1/exchange/messages/<message_id>/send-again       401  404  404  404  404  404  404  200  404
POST   /api/v1/exchange/messages/<message_id>/give-up          401  404  404  404  404  404  404  200  404
GET    /api/v1/exchange/received                               401  403  403  403  403  403  403  200  403
POST   /api/v1/exchange/received/<message_id>/handle-again     401  404  404  404  404  404  404  200  404
POST   /api/v1/exchange/received/<message_id>/pass-over        401  404  404  404  404  404  404  200  404
GET    /api/v1/direction/figures                               401  403  403  403  200  200  200  403  403
GET    /api/v1/direction/figures/<code>/rows                   401  403  403  403  200  200  200  403  403
GET    /api/v1/direction/statistics                            401  403  403  403  200  200  200  403  403
GET    /api/v1/direction/periods                               401  403  403  403  200  200  200  403  403
POST   /api/v1/direction/periods                               401  403  403  403  403  201  403  403  403
GET    /api/v1/direction/periods/<closing_id>                  401  403  403  403  404  200  200  403  403
POST   /api/v1/direction/periods/<closing_id>/reopen           401  403  403  403  403  200  403  403  403
GET    /api/v1/direction/boards/<name>                         401  403  403  403  200  200  200  403  403
# Reports over the API: as through the pages.
GET    /api/v1/digitisation/books                              401  403  403  200  200  200  200  403  403
POST   /api/v1/digitisation/books                              401  403  403  403  403  403  403  403  403
GET    /api/v1/digitisation/books/<volume_id>                  401  404  404  404  404  200  200  404  404
POST   /api/v1/digitisation/books/<volume_id>/scans            401  403  403  403  403  403  403  403  403
POST   /api/v1/digitisation/books/<volume_id>/approve          401  403  403  403  403  403  403  403  403
POST   /api/v1/digitisation/books/<volume_id>/transfer         401  403  403  403  403  403  403  403  403
GET    /api/v1/digitisation/progress/<axis>                    401  403  403  200  200  200  200  403  403
GET    /api/v1/digitisation/entries                            401  403  403  200  200  200  200  403  403
GET    /api/v1/digitisation/entries/<line_id>                  401  404  404  404  404  200  200  404  404
POST   /api/v1/digitisation/entries/next                       401  403  403  403  403  403  403  403  403
PUT    /api/v1/digitisation/entries/<line_id>/content          401  403  403  403  403  403  403  403  403
POST   /api/v1/digitisation/entries/<line_id>/unreadable       401  403  403  403  403  403  403  403  403
POST   /api/v1/digitisation/entries/<line_id>/proof            401  403  403  403  403  403  403  403  403
POST   /api/v1/digitisation/entries/<line_id>/return           401  403  403  403  403  403  403  403  403
POST   /api/v1/digitisation/entries/<line_id>/approve          401  403  403  403  403  403  403  403  403
GET    /api/v1/reporting/forms                                 401  403  403  200  200  200  200  403  403
POST   /api/v1/reporting/forms                                 401  403  403  403  403  201  403  403  403
GET    /api/v1/reporting/reports                               401  403  403  200  200  200  200  403  403
POST   /api/v1/reporting/reports                               401  403  403  403  403  403  403  403  403
POST   /api/v1/reporting/summaries                             401  403  403  403  403  422  403  403  403
GET    /api/v1/reporting/reports/<report_id>                   401  403  403  404  404  200  200  403  403
GET    /api/v1/reporting/reports/<report_id>/cells/<row>/<column>  401  403  403  404  404  200  200  403  403
POST   /api/v1/reporting/reports/<report_id>/fill              401  403  403  404  404  403  403  403  403
POST   /api/v1/reporting/reports/<report_id>/recount           401  403  403  404  404  403  403  403  403
POST   /api/v1/reporting/reports/<report_id>/propose           401  403  403  404  404  403  403  403  403
POST   /api/v1/reporting/reports/<report_id>/send-back         401  403  403  404  404  403  403  403  403
POST   /api/v1/reporting/reports/<report_id>/approve           401  403  403  404  404  403  403  403  403
POST   /api/v1/reporting/reports/<report_id>/accept            401  403  403  404  404  409  403  403  403
POST   /api/v1/reporting/reports/<report_id>/return            401  403  403  404  404  409  403  403  403
POST   /api/v1/reporting/reports/<report_id>/amend             401  403  403  404  404  403  403  403  403
"""
