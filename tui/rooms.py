"""The rooms of the app in the order of its list. A new room is a line here; its screen is a file of its own.

A screen is a `DeskScreen`: `body` says what is on it, `load` asks for it and is called again whenever the store has
changed, so that it keeps the cursor (`show(.., keep=True)`, `show_rows(.., keep=True)`) and leaves the focus alone.
"""

from __future__ import annotations

from .activity import ActivityScreen
from .analyze import AnalyzeScreen
from .companies import CompaniesScreen
from .contacts import ContactsScreen
from .deals import DealsScreen
from .home import HomeScreen
from .hygiene import HygieneScreen
from .operations import OperationsScreen
from .playbooks import PlaybooksScreen
from .reports import ReportsScreen
from .room import Room
from .rules import RulesScreen
from .segments import SegmentsScreen
from .sequences import SequencesScreen
from .tasks import TasksScreen
from .tickets import TicketsScreen
from .workflows import WorkflowsScreen

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
