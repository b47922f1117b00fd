"""Item + update → item. The rules are those of the fold (`reduce.py`)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from . import items as i
from . import updates as u
from .messages import AssistantMessageContent
from .widget_changes import append_text, replace_component

_MAX_PARTS = 1_000  # a message has a handful; a stray index must not make a million


def apply_update(item: i.ThreadItem, update: u.ThreadItemUpdate) -> i.ThreadItem:
    """The item after an update; the same object if the update is not for it."""
    rule = UPDATE_RULES.get(type(update))
    return item if rule is None else rule(item, update)


def _set_part(
    item: i.ThreadItem, update: u.AssistantMessageContentPartAdded | u.AssistantMessageContentPartDone
) -> i.ThreadItem:
    def change(part: AssistantMessageContent) -> AssistantMessageContent:
        new = update.content
        if isinstance(update, u.AssistantMessageContentPartDone) and part.annotations and not new.annotations:
            return new.model_copy(update={"annotations": part.annotations})
        return new

    return _change_part(item, update.content_index, change)


def _append_to_part(item: i.ThreadItem, update: u.AssistantMessageContentPartTextDelta) -> i.ThreadItem:
    def change(part: AssistantMessageContent) -> AssistantMessageContent:
        return part.model_copy(update={"text": part.text + update.delta})

    return _change_part(item, update.content_index, change)


def _annotate_part(item: i.ThreadItem, update: u.AssistantMessageContentPartAnnotationAdded) -> i.ThreadItem:
    def change(part: AssistantMessageContent) -> AssistantMessageContent:
        place = max(update.annotation_index, 0)
        annotations = [*part.annotations[:place], update.annotation, *part.annotations[place:]]
        return part.model_copy(update={"annotations": annotations})

    return _change_part(item, update.content_index, change)


def _change_part(
    item: i.ThreadItem, index: int, change: Callable[[AssistantMessageContent], AssistantMessageContent]
) -> i.ThreadItem:
    if not isinstance(item, i.AssistantMessageItem) or not 0 <= index < _MAX_PARTS:
        return item
    missing = index + 1 - len(item.content)
    parts = [*item.content, *(AssistantMessageContent(text="") for _ in range(missing))]
    parts[index] = change(parts[index])
    return item.model_copy(update={"content": parts})


def _append_to_widget(item: i.ThreadItem, update: u.WidgetStreamingTextValueDelta) -> i.ThreadItem:
    if not isinstance(item, i.WidgetItem):
        return item
    widget = append_text(item.widget, update.component_id, update.delta, done=update.done)
    return item if widget is item.widget else item.model_copy(update={"widget": widget})


def _replace_in_widget(item: i.ThreadItem, update: u.WidgetComponentUpdated) -> i.ThreadItem:
    if not isinstance(item, i.WidgetItem):
        return item
    widget = replace_component(item.widget, update.component_id, update.component)
    return item if widget is item.widget else item.model_copy(update={"widget": widget})


def _replace_widget(item: i.ThreadItem, update: u.WidgetRootUpdated) -> i.ThreadItem:
    return item.model_copy(update={"widget": update.widget}) if isinstance(item, i.WidgetItem) else item


def _add_task(item: i.ThreadItem, update: u.WorkflowTaskAdded) -> i.ThreadItem:
    if not isinstance(item, i.WorkflowItem):
        return item
    return _with_tasks(item, [*item.workflow.tasks, update.task])


def _set_task(item: i.ThreadItem, update: u.WorkflowTaskUpdated) -> i.ThreadItem:
    if not isinstance(item, i.WorkflowItem) or not 0 <= update.task_index < len(item.workflow.tasks):
        return item
    tasks = list(item.workflow.tasks)
    tasks[update.task_index] = update.task
    return _with_tasks(item, tasks)


def _with_tasks(item: i.WorkflowItem, tasks: list[Any]) -> i.WorkflowItem:
    return item.model_copy(update={"workflow": item.workflow.model_copy(update={"tasks": tasks})})


def _set_image(item: i.ThreadItem, update: u.GeneratedImageUpdated) -> i.ThreadItem:
    return item.model_copy(update={"image": update.image}) if isinstance(item, i.GeneratedImageItem) else item


UPDATE_RULES: Mapping[type, Callable[[Any, Any], i.ThreadItem]] = MappingProxyType(
    {
        u.AssistantMessageContentPartAdded: _set_part,
        u.AssistantMessageContentPartTextDelta: _append_to_part,
        u.AssistantMessageContentPartAnnotationAdded: _annotate_part,
        u.AssistantMessageContentPartDone: _set_part,
        u.WidgetStreamingTextValueDelta: _append_to_widget,
        u.WidgetComponentUpdated: _replace_in_widget,
        u.WidgetRootUpdated: _replace_widget,
        u.WorkflowTaskAdded: _add_task,
        u.WorkflowTaskUpdated: _set_task,
        u.GeneratedImageUpdated: _set_image,
    }
)
"""What each kind of update does to an item."""
