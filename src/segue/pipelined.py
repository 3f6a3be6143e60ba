"""What `segue ticket` and `segue deal` have in common: one set of commands for any object with pipelines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter

from .cards import act_on, change_card, create_card, list_cards, show_board, show_card
from .options import AsUser, Json, Limit, ProjectDir, at_least

Record = Annotated[str, Parameter(help="An id (#123) or external id.")]
Further = Annotated[str, Parameter(help="Further ones.")]
PipelineName = Annotated[str | None, Parameter(help="A pipeline; needed where there are several.")]
Owner = Annotated[str | None, Parameter(help="Only those of one user.")]


@dataclass(frozen=True)
class PipelinedCommands:
    """Each method is a command about records of one object: its words are the help, its parameters the options."""

    of: str

    @property
    def by_name(self) -> dict[str, Callable[..., int]]:
        return {
            "list": self.list_,
            "show": self.show,
            "create": self.create,
            "set": self.set_,
            "move": self.move,
            "assign": self.assign,
            "close": self.close,
            "board": self.board,
        }

    def list_(
        self,
        *,
        pipeline: Annotated[str | None, Parameter(help="Only those in one pipeline.")] = None,
        stage: Annotated[str | None, Parameter(help="Only those in one stage.")] = None,
        owner: Owner = None,
        state: Annotated[str, Parameter(help="open, closed or all.")] = "all",
        link: Annotated[str | None, Parameter(help="Only those tied to a record: contact=ann@x.example.")] = None,
        find: Annotated[str, Parameter(help="Whose name begins so, or whose id or any text it is.")] = "",
        where: Annotated[tuple[str, ...], Parameter(help="A property: advertiser_id=A-17; `x=`: it has none.")] = (),
        lacking: Annotated[
            bool,
            Parameter(
                help="Only those without what their stage needs, without a stage, or without a tie that the"
                " schema asks for."
            ),
        ] = False,
        limit: Limit = 50,
        json: Json = False,
        project: ProjectDir = None,
    ) -> int:
        """List them, those made last first.

        For instance:
            segue {verb} list --state open --owner mia
            segue {verb} list --where "priority=high"
        """
        return list_cards(self.of, (pipeline, stage, owner, state), link, (find, where, lacking), limit, json, project)

    def show(self, record: Record, /, *, json: Json = False, project: ProjectDir = None) -> int:
        """Show one: its values, the stages it went through, what it is tied to, and where it may go.

        For instance:
            segue {verb} show 4711
        """
        return show_card(self.of, record, json, project)

    def create(
        self,
        *,
        name: Annotated[str | None, Parameter(name=("--name", "--subject"), help="What it is called.")] = None,
        set_: Annotated[tuple[str, ...], Parameter(name="--set", help="A property: priority=high.")] = (),
        link: Annotated[tuple[str, ...], Parameter(help="What it is tied to: contact=ann@x.example.")] = (),
        pipeline: PipelineName = None,
        stage: Annotated[str | None, Parameter(help="Where it begins; without it in the first stage.")] = None,
        id: Annotated[str | None, Parameter(help="Its external id; the same one twice is refused.")] = None,
        as_user: AsUser = None,
        json: Json = False,
        project: ProjectDir = None,
    ) -> int:
        """Make one. It is there after the next tick.

        For instance:
            segue {verb} create --name "Cannot log in" --pipeline support --link contact=ann@example.com
        """
        return create_card(self.of, name, set_, link, (pipeline, stage, id), as_user, json, project)

    def set_(
        self,
        record: Record,
        /,
        *value: Annotated[str, Parameter(help="A property: priority=high; `kind=` takes its value away.")],
        link: Annotated[tuple[str, ...], Parameter(help="What to tie it to: deal=D1.")] = (),
        unlink: Annotated[tuple[str, ...], Parameter(help="What it is tied to no more.")] = (),
        as_user: AsUser = None,
        json: Json = False,
        project: ProjectDir = None,
    ) -> int:
        """Give one values and ties, such as its next stage needs.

        For instance:
            segue {verb} set 4711 kind=bug --link company=acme
        """
        return change_card(self.of, record, value, (link, unlink), as_user, json, project)

    def move(
        self,
        record: Record,
        stage: Annotated[str, Parameter(help="Where to.")],
        /,
        *more: Annotated[str, Parameter(help="Further records may stand before the stage.")],
        as_user: AsUser = None,
        json: Json = False,
        project: ProjectDir = None,
    ) -> int:
        """Move one or several to a stage, as the rules of the pipeline allow. If somebody moves it meanwhile, this is
        not done: `show` tells.

        For instance:
            segue {verb} move 4711 4712 in_progress
        """
        words = [record, stage, *more]
        return act_on("move", self.of, words[:-1], words[-1], as_user, json, project)

    def assign(
        self,
        record: Record,
        user: Annotated[str, Parameter(help="Who is to have it: a user of segue.yaml.")],
        /,
        *more: Annotated[str, Parameter(help="Further records may stand before the user.")],
        as_user: AsUser = None,
        json: Json = False,
        project: ProjectDir = None,
    ) -> int:
        """Give one or several to a user.

        For instance:
            segue {verb} assign 4711 mia
        """
        words = [record, user, *more]
        return act_on("assign", self.of, words[:-1], words[-1], as_user, json, project)

    def close(
        self,
        record: Record,
        /,
        *more: Further,
        stage: Annotated[str | None, Parameter(help="How it ends, where several stages close.")] = None,
        as_user: AsUser = None,
        json: Json = False,
        project: ProjectDir = None,
    ) -> int:
        """Move one or several to the stage that closes them.

        For instance:
            segue {verb} close 4711
        """
        return act_on("close", self.of, (record, *more), stage, as_user, json, project)

    def board(
        self,
        *,
        pipeline: PipelineName = None,
        owner: Owner = None,
        each: Annotated[int, Parameter(help="How many to show of each stage.", validator=at_least(0))] = 5,
        json: Json = False,
        project: ProjectDir = None,
    ) -> int:
        """Show a pipeline stage by stage.

        For instance:
            segue {verb} board --pipeline support --owner mia
        """
        return show_board(self.of, pipeline, owner, each, json, project)
