"""Which words is every text full of?

By language: articles, prepositions, pronouns, conjunctions, auxiliary verbs, question words.
"""

STOP_WORDS = {
    "english": """
        a an the this that these those
        about above after against among at before behind below between by down during except for
        from in inside into near of off on onto out outside over since than through to toward
        towards under until up upon via with within without
        and but if nor or so though although because while whereas as
        i me my we us our ours you your yours he him his she her hers it its they them their
        theirs myself ourselves yourself himself herself itself themselves
        who whom whose which what when where why how
        am is are was were be been being do does did doing have has had having
        can could may might must shall should will would
        no not all any both each few more other some such only same too very just
        there here then
    """.split(),
}
