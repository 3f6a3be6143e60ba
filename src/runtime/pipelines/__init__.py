"""Tickets, deals and whatever else stands in a pipeline: looked at as lists and boards, made, moved, given to somebody
and closed (P8, P9). The rules of moves are `dsl.schema.moves`; the engine makes the moves (`engine/intake/moves.py`).
"""
