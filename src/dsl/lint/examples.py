"""The small project around the examples of rules: on their pages and in their tests."""

from __future__ import annotations

SCHEMA = """\
extends: standard
objects:
  contact:
    properties:
      plan: {type: choice, options: [free, trial, paid]}
      nps: {type: number, min: 0, max: 10}
      trial_ends_on: {type: date}
      visits: {type: number, default: 0}
topics:
  newsletter: {label: Newsletter, kind: marketing}
  offers: {label: Offers, kind: marketing}
  sales: {label: Sales, kind: one_to_one}
  orders: {label: Orders, kind: transactional}
"""

SETTINGS = """\
name: example
account: {time_zone: Europe/Warsaw, currency: EUR, calendar: warsaw, postal_address: "Prosta 1, Warszawa"}
calendars:
  warsaw: {country: PL}
users:
  ada: {name: Ada, email: ada@example.com}
  bob: {name: Bob, email: bob@example.com}
teams:
  sales: [ada, bob]
channels:
  slack: {"#leads": {env: SLACK_LEADS_URL}}
"""
