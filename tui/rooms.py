"""The rooms of the app in the order of its list. A new room is a line here; its screen is a file of its own.

A screen is a `DeskScreen`: `body` says what is on it, `load` asks for it and is called again whenever the store has
changed, so that it keeps the cursor (`show(.., keep=True)`, `show_rows(.., keep=True)`) and leaves the focus alone.
"""

from __future__ import annotations

from .frame.room import Room
from .hygiene.room import HygieneScreen
from .operations.activity import ActivityScreen
from .operations.room import OperationsScreen
from .operations.rules import RulesScreen
from .pipelines.deals import DealsScreen
from .pipelines.tickets import TicketsScreen
from .records.companies import CompaniesScreen
from .records.contacts import ContactsScreen
from .reports.room import ReportsScreen
from .segments.room import SegmentsScreen
from .sequences.analyze import AnalyzeScreen
from .sequences.room import SequencesScreen
from .talks.playbooks import PlaybooksScreen
from .today.home import HomeScreen
from .today.tasks import TasksScreen
from .workflows.room import WorkflowsScreen

ROOMS: tuple[Room, ...] = (
    Room("home", "h", "Home", HomeScreen),
    Room("sequences", "s", "Sequences", SequencesScreen),
    Room("analyze", "a", "Analyze", AnalyzeScreen),
    Room("workflows", "w", "Workflows", WorkflowsScreen),
    Room("segments", "m", "Segments", SegmentsScreen),
    Room("contacts", "c", "Contacts", ContactsScreen),
    Room("companies", "y", "Companies", CompaniesScreen),
    Room("deals", "d", "Deals", DealsScreen),
    Room("tickets", "k", "Tickets", TicketsScreen),
    Room("tasks", "t", "Tasks", TasksScreen),
    Room("playbooks", "p", "Playbooks", PlaybooksScreen),
    Room("hygiene", "i", "Hygiene", HygieneScreen),
    Room("reports", "b", "Reports", ReportsScreen),
    Room("rules", "r", "Rules", RulesScreen),
    Room("operations", "o", "Operations", OperationsScreen),
    Room("activity", "v", "Activity", ActivityScreen),
)
