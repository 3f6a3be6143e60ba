"""Talks: playbooks, forms and surveys while they are filled in, and what saving one writes (P1-P5, X20).

The engine knows nothing of this package: it finds what was said in segue_talk and segue_answer, and an `enroll` row in
the inbox starts what is to follow.
"""
