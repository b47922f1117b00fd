"""Items from their beginning to their end, as hypothesis makes them up."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from chatkit_app.chatkit.types import (
    Annotation,
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartAnnotationAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    ClientEffectEvent,
    CustomTask,
    GeneratedImage,
    GeneratedImageItem,
    GeneratedImageUpdated,
    NoticeEvent,
    Page,
    ProgressUpdateEvent,
    StreamOptions,
    StreamOptionsEvent,
    Thread,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemRemovedEvent,
    ThreadItemReplacedEvent,
    ThreadItemUpdatedEvent,
    ThreadUpdatedEvent,
    URLSource,
    WidgetItem,
    WidgetRootUpdated,
    WidgetStreamingTextValueDelta,
    Workflow,
    WorkflowItem,
    WorkflowTaskAdded,
    WorkflowTaskUpdated,
)
from chatkit_app.chatkit.widgets import Card, Text

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HERE = {"thread_id": "thr", "created_at": NOW}
SOURCE = Annotation(source=URLSource(title="t", url="u"))


def message(*texts, id="m", annotations=()):
    content = [AssistantMessageContent(text=text, annotations=list(annotations)) for text in texts]
    return AssistantMessageItem(id=id, content=content, **HERE)


def workflow(*titles, id="w"):
    tasks = [CustomTask(title=title) for title in titles]
    return WorkflowItem(id=id, workflow=Workflow(type="custom", tasks=tasks), **HERE)


def widget(*children, id="x"):
    return WidgetItem(id=id, widget=Card(children=list(children)), **HERE)


def updated(update, id="m"):
    return ThreadItemUpdatedEvent(item_id=id, update=update)


THREAD = Thread(id="thr", created_at=NOW, title="T", items=Page())

words = st.text("ab ", max_size=4)
places = st.integers(-1, 3)


def life(id):
    """The events of one item, from its beginning: sometimes to its end."""
    contents = st.builds(AssistantMessageContent, text=words, annotations=st.just([]) | st.just([SOURCE]))
    changes = st.one_of(
        st.builds(AssistantMessageContentPartTextDelta, content_index=places, delta=words),
        st.builds(AssistantMessageContentPartAdded, content_index=places, content=contents),
        st.builds(AssistantMessageContentPartDone, content_index=places, content=contents),
        st.builds(
            AssistantMessageContentPartAnnotationAdded,
            content_index=places,
            annotation_index=places,
            annotation=st.just(SOURCE),
        ),
        st.builds(WorkflowTaskAdded, task_index=places, task=st.builds(CustomTask, title=words)),
        st.builds(WorkflowTaskUpdated, task_index=places, task=st.builds(CustomTask, title=words)),
        st.builds(WidgetStreamingTextValueDelta, component_id=st.sampled_from("st"), delta=words, done=st.booleans()),
        st.builds(WidgetRootUpdated, widget=st.builds(lambda text: Card(children=[Text(id="t", value=text)]), words)),
        st.builds(
            GeneratedImageUpdated, image=st.just(GeneratedImage(id="i", url="u")), progress=st.none() | st.just(0.5)
        ),
    )
    items = st.sampled_from(
        [
            message("a", id=id),
            workflow("a", id=id),
            widget(Text(id="t", value="a"), id=id),
            GeneratedImageItem(id=id, **HERE),
        ]
    )

    def whole(item, updates, end):
        begin = [ThreadItemAddedEvent(item=item), *(updated(update, id) for update in updates)]
        return begin + ([end(item)] if end else [])

    ends = st.sampled_from(
        [
            None,
            lambda item: ThreadItemDoneEvent(item=item),
            lambda item: ThreadItemReplacedEvent(item=item),
            lambda item: ThreadItemRemovedEvent(item_id=item.id),
        ]
    )
    return st.builds(whole, items, st.lists(changes, max_size=5), ends)


@st.composite
def streams(draw):
    """Lives of a few items, interleaved, with everything else in between."""
    lives = [draw(life(id)) for id in "mnw"]
    moments = st.sampled_from(
        [
            ThreadUpdatedEvent(thread=THREAD),
            ProgressUpdateEvent(text="p"),
            NoticeEvent(level="info", message="n"),
            ClientEffectEvent(name="e"),
            StreamOptionsEvent(stream_options=StreamOptions(allow_cancel=True)),
        ]
    )
    events = []
    while any(lives):
        one = draw(st.sampled_from([life for life in lives if life]))
        events.append(one.pop(0))
        events.extend(draw(st.lists(moments, max_size=1)))
    return events
