"""The one module that knows Microsoft's SDK: what comes in goes through a turn of botbuilder, and comes out as raw JSON again.

botbuilder-core 4.17.1 is archived. It dispatches by the kind of activity and would let middleware look on; everything that is broken in it
(tokens, parsing, sending, answers to invokes: see `docs/architecture.md`) is ours. Its successor is a change of this file.
"""

from __future__ import annotations

from typing import Any, Protocol

from botbuilder.core import ActivityHandler, BotAdapter, InvokeResponse, TurnContext
from botbuilder.schema import Activity as SdkActivity
from botbuilder.schema import ActivityTypes, ResourceResponse

from bot.teams.activity import Activity
from bot.teams.invoked import Invoked

_RAW = "deskbell.activity"
_HERE = "deskbell.here"
_ANSWER = "BotFrameworkAdapter.InvokeResponse"


class Takes(Protocol):
    """What becomes of each kind of activity. `here` is whatever the door knows of the one who calls."""

    async def message(self, activity: Activity, here: Any) -> None: ...
    async def changed(self, activity: Activity, here: Any) -> None: ...
    async def deleted(self, activity: Activity, here: Any) -> None: ...
    async def reacted(self, activity: Activity, here: Any) -> None: ...
    async def conversation(self, activity: Activity, here: Any) -> None: ...
    async def installed(self, activity: Activity, here: Any) -> None: ...
    async def invoked(self, activity: Activity, here: Any) -> Invoked: ...


class Turns:
    """Takes activities of Teams, one turn each."""

    def __init__(self, takes: Takes) -> None:
        self._adapter, self._handler = _Adapter(), _Handler(takes)

    async def turn(self, activity: Activity, here: object) -> Invoked | None:
        """The answer to an invoke; None for all else. Raises whatever the taking raises."""
        context = TurnContext(self._adapter, _known(activity))
        context.turn_state[_RAW], context.turn_state[_HERE] = activity, here
        await self._adapter.run_pipeline(context, self._handler.on_turn)
        answer = context.turn_state.get(_ANSWER)
        return Invoked(answer.value.status, answer.value.body) if answer is not None else None


def _known(activity: Activity) -> SdkActivity:
    """As much as the SDK needs: its own reading of JSON loses what it does not know, and trips over what it does not expect."""
    return SdkActivity(type=activity.kind, name=activity.name, id=activity.id, channel_id="msteams", service_url=activity.service_url)


class _Adapter(BotAdapter):
    """Sends nothing but answers to invokes: all else goes out through the outbox and `bot.teams.connector`."""

    async def send_activities(self, context: TurnContext, activities: list[SdkActivity]) -> list[ResourceResponse]:
        for one in activities:
            if one.type != ActivityTypes.invoke_response:
                raise NotImplementedError("messages go out through the outbox")
            context.turn_state[_ANSWER] = one
        return [ResourceResponse() for _ in activities]

    async def update_activity(self, context: TurnContext, activity: SdkActivity) -> None:
        raise NotImplementedError("messages are changed through the outbox")

    async def delete_activity(self, context: TurnContext, reference: object) -> None:
        raise NotImplementedError("messages are not deleted")


class _Handler(ActivityHandler):
    """botbuilder's dispatch by kind, with our own taking behind it. Kinds that nobody knows are taken, as Teams wants it."""

    def __init__(self, takes: Takes) -> None:
        self._takes = takes

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await self._takes.message(*_given(turn_context))

    async def on_message_update_activity(self, turn_context: TurnContext) -> None:
        await self._takes.changed(*_given(turn_context))

    async def on_message_delete_activity(self, turn_context: TurnContext) -> None:
        await self._takes.deleted(*_given(turn_context))

    async def on_message_reaction_activity(self, turn_context: TurnContext) -> None:
        await self._takes.reacted(*_given(turn_context))

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        await self._takes.conversation(*_given(turn_context))

    async def on_installation_update(self, turn_context: TurnContext) -> None:
        await self._takes.installed(*_given(turn_context))

    async def on_event_activity(self, turn_context: TurnContext) -> None:
        """Read receipts and meetings: of no matter here."""

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        answer = await self._takes.invoked(*_given(turn_context))
        return InvokeResponse(status=answer.status, body=answer.body)


def _given(context: TurnContext) -> tuple[Activity, Any]:
    return context.turn_state[_RAW], context.turn_state[_HERE]
