"""The figures of sequences and workflows (M1-M24), by SQL over append-only facts. `docs/metrics.md` tells the rules."""

from .conversions import Conversion, conversions
from .deals import DealFigures, DealOverview, Revenue, deal_overview
from .engaged import EngagedContact, most_engaged
from .figures import METRICS, Figure, Metric, Unit
from .filters import Filters
from .funnel import FunnelStep, Place, step_funnel
from .monthly import Month
from .sequences import (
    Engagement,
    LeadQuality,
    Overview,
    SequenceMetrics,
    SequenceRates,
    overview,
    sequence_metrics,
    sequence_rates,
)
from .templates import TemplatePerformance, template_performance

__all__ = [
    "METRICS",
    "Conversion",
    "DealFigures",
    "DealOverview",
    "EngagedContact",
    "Engagement",
    "Figure",
    "Filters",
    "FunnelStep",
    "LeadQuality",
    "Metric",
    "Month",
    "Overview",
    "Place",
    "Revenue",
    "SequenceMetrics",
    "SequenceRates",
    "TemplatePerformance",
    "Unit",
    "conversions",
    "deal_overview",
    "most_engaged",
    "overview",
    "sequence_metrics",
    "sequence_rates",
    "step_funnel",
    "template_performance",
]
