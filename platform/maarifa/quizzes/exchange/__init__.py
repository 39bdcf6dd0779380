"""Questions in files of other systems: how each format is read and written, the neutral `ExchangeQuestion` between
formats and kinds, and how each kind of question stands in it (`mapping`).

Nothing here writes to the database: `actions.exchanging` does.
"""
