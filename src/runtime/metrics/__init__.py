"""The figures of sequences (M1-M6, M11-M18), by SQL over append-only facts. `docs/metrics.md` tells the rules."""

from .engaged import EngagedContact, most_engaged
from .figures import Figure, Unit
from .filters import Filters
from .funnel import FunnelStep, step_funnel, worst_step
from .monthly import Month, monthly
from .sequences import (
    Engagement,
    LeadQuality,
    SequenceMetrics,
    SequenceRates,
    engagement,
    lead_quality,
    sequence_metrics,
    sequence_rates,
    totals,
)
from .templates import TemplatePerformance, template_performance

__all__ = [
    "EngagedContact",
    "Engagement",
    "Figure",
    "Filters",
    "FunnelStep",
    "LeadQuality",
    "Month",
    "SequenceMetrics",
    "SequenceRates",
    "TemplatePerformance",
    "Unit",
    "engagement",
    "lead_quality",
    "monthly",
    "most_engaged",
    "sequence_metrics",
    "sequence_rates",
    "step_funnel",
    "template_performance",
    "totals",
    "worst_step",
]
