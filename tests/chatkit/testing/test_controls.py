"""What can be clicked and changed in a widget, and what a browser would send for it."""

from datetime import date

import pytest

from chatkit_app.chatkit.testing import ChatTestClient, NotThereError
from chatkit_app.chatkit.types import StructuredInputItem
from chatkit_app.chatkit.widgets import (
    Box,
    Button,
    Caption,
    Card,
    CardAction,
    Checkbox,
    DatePicker,
    DynamicWidgetRoot,
    Form,
    Icon,
    Input,
    ListView,
    ListViewItem,
    RadioGroup,
    Row,
    Select,
    Text,
    Textarea,
    Title,
    Transition,
)

from ..scripted import ANN, NOW
from .desk import desk_that_shows


async def shown(*widgets):
    """A user who sees these."""
    chat = ChatTestClient(desk_that_shows(*widgets), ANN)
    await chat.say("show")
    return chat


def action(name, **fields):
    return {"type": name, **fields}


def options(*values):
    return [{"value": value, "label": value.title()} for value in values]


def button(label, name, **fields):
    return Button(label=label, onClickAction=action(name, payload={"of": label}), **fields)


class TestFinding:
    async def test_a_button_deep_inside_is_clicked_by_its_label(self):
        chat = await shown(Card(children=[Row(children=[Transition(children=Box(children=[button("Buy", "buy")]))])]))
        turn = await chat.click("Buy")
        assert turn.text == "buy done"
        assert chat.server.fired == [("buy", {"of": "Buy"})]

    @pytest.mark.parametrize("name", ["icon.press", "the id", "the key"])
    async def test_a_button_without_words_is_clicked_by_its_action_id_or_key(self, name):
        icon = Button(iconStart="plus", id="the id", key="the key", onClickAction=action("icon.press"))
        chat = await shown(Card(children=[button("Buy", "buy"), icon]))
        await chat.click(name)
        assert chat.server.fired == [("icon.press", None)]

    async def test_words_come_before_types_of_actions(self):
        chat = await shown(Card(children=[button("x", "buy"), button("buy", "y")]))
        await chat.click("buy")
        assert chat.server.fired == [("y", {"of": "buy"})]

    async def test_the_confirm_and_cancel_of_a_card_are_buttons(self):
        footer = {name: CardAction(label=name.title(), action=action(name)) for name in ("confirm", "cancel")}
        chat = await shown(Card(children=[], **footer))
        await chat.click("Cancel")
        await chat.click("confirm")
        assert chat.server.fired == [("cancel", None), ("confirm", None)]

    async def test_a_row_is_clicked_by_a_text_in_it_but_not_by_a_button_in_it(self):
        inside = [Row(children=[Title(value="Tea"), Caption(value="3 left")]), button("Add", "add")]
        chat = await shown(ListView(children=[ListViewItem(children=inside, onClickAction=action("open"))]))
        await chat.click("3 left")
        await chat.click("Add")
        assert chat.server.fired == [("open", None), ("add", {"of": "Add"})]

    async def test_the_words_of_another_control_in_a_row_are_not_the_rows(self):
        inside = [Button(label="Send", submit=True), {"type": "Tile", "label": "Zoom", "onClickAction": action("zoom")}]
        row = {"type": "ListViewItem", "children": inside, "onClickAction": action("open")}
        form = {"type": "Form", "children": [row], "onSubmitAction": action("send")}
        chat = await shown(DynamicWidgetRoot.model_validate({"type": "Card", "children": [form]}))
        await chat.click("Send")
        await chat.click("Zoom")
        assert chat.server.fired == [("send", None), ("zoom", None)]

    async def test_widgets_from_templates_are_clicked_alike(self):
        root = DynamicWidgetRoot.model_validate(
            {
                "type": "Card",
                "children": {"type": "Fancy", "label": "Go", "onClickAction": action("go", payload={"n": None})},
            }
        )
        chat = await shown(root)
        await chat.click("Go")
        assert chat.server.fired == [("go", {"n": None})]

    async def test_the_newest_widget_that_has_it_is_meant_unless_another_is_said(self):
        old, new = Card(children=[button("Buy", "old")]), Card(children=[button("Buy", "new")])
        chat = await shown(old, new, Card(children=[Text(value="Buy")]))
        await chat.click("Buy")
        await chat.click("Buy", within="widget_0")
        await chat.click("Buy", within=chat.items[1])
        assert [name for name, _ in chat.server.fired] == ["new", "old", "old"]

    async def test_of_several_the_test_must_say_which(self):
        rows = [
            ListViewItem(children=[Button(label="Add", onClickAction=action("add", payload=name))]) for name in "abc"
        ]
        chat = await shown(ListView(children=rows))
        with pytest.raises(
            NotThereError, match=r"There are 3 'Add' in widget 'widget_0': say which with nth, from 0 to 2"
        ):
            await chat.click("Add")
        for nth in (3, -1):
            with pytest.raises(NotThereError, match=f"none is {nth}"):
                await chat.click("Add", nth=nth)
        await chat.click("Add", nth=1)
        assert chat.server.fired == [("add", "b")]

    async def test_two_that_do_the_same_are_one(self):
        chat = await shown(Card(children=[button("Buy", "buy"), button("Buy", "buy")]))
        assert (await chat.click("Buy")).text == "buy done"

    async def test_what_is_not_there_is_named_with_what_is(self):
        chat = await shown(Card(children=[button("Add", "cart.add")]), Card(children=[]))
        with pytest.raises(NotThereError) as error:
            await chat.click("Buy")
        assert str(error.value) == (
            "Nothing 'Buy' to click; there are: 'Add' (cart.add) in 'widget_0'; none in 'widget_1'"
        )
        with pytest.raises(NotThereError, match=r"No widget 'widget_9' here; there are: user_message .*'widget_0'"):
            await chat.click("Add", within="widget_9")

    async def test_without_a_widget_there_is_nothing_to_click(self):
        chat = await shown(StructuredInputItem(id="form", thread_id="", created_at=NOW, inputs=[]))
        with pytest.raises(NotThereError, match=r"No widget here; there are: .*structured_input 'form'"):
            await chat.click("Buy")

    async def test_a_disabled_button_is_not_clicked(self):
        chat = await shown(Card(children=[button("Buy", "buy", disabled=True)]))
        with pytest.raises(NotThereError, match=r"'Buy' \(buy\) is disabled"):
            await chat.click("Buy")

    async def test_a_submit_button_without_a_form_does_nothing(self):
        chat = await shown(Card(children=[Button(label="Send", submit=True)]))
        with pytest.raises(NotThereError, match="Nothing 'Send' to click; there are: none"):
            await chat.click("Send")


class TestForms:
    def form(self, *fields, **props):
        send = Button(label="Send", submit=True)
        return Card(
            children=[Form(children=[*fields, send], onSubmitAction=action("send", payload={"to": 1}), **props)]
        )

    async def sent(self, *fields, **values):
        chat = await shown(self.form(*fields))
        await chat.click("Send", **values)
        [(name, payload)] = chat.server.fired
        assert name == "send"
        return payload

    async def test_every_field_is_sent_with_what_it_holds_at_first(self):
        fields = [
            Input(name="name", defaultValue="Ada"),
            Input(name="mail"),
            Textarea(name="note"),
            Select(name="size", options=options("s", "m"), defaultValue="m"),
            RadioGroup(name="way", options=options("post")),
            Checkbox(name="gift"),
            Checkbox(name="rush", defaultChecked=True),
            DatePicker(name="day"),
            Text(value="Edit me", editable={"name": "title"}),
            Icon(name="star"),
        ]
        assert await self.sent(*fields) == {
            "to": 1,
            "name": "Ada",
            "mail": "",
            "note": "",
            "size": "m",
            "gift": False,
            "rush": True,
            "title": "Edit me",
        }

    async def test_every_field_can_be_filled_in(self):
        fields = [
            Input(name="count", inputType="number"),
            Textarea(name="note", defaultValue="x"),
            Select(name="size", options=options("s", "m")),
            RadioGroup(name="way", options=options("post")),
            Checkbox(name="gift"),
            DatePicker(name="day"),
            Text(value="old", editable={"name": "title"}),
        ]
        filled = {"count": 3, "note": None, "size": "M", "way": "post", "gift": True, "day": date(2026, 1, 2)}
        assert await self.sent(*fields, **filled, title="new") == {
            "to": 1,
            "count": "3",
            "note": "",
            "size": "m",
            "way": "post",
            "gift": True,
            "day": "2026-01-02",
            "title": "new",
        }

    async def test_dots_in_a_name_nest(self):
        fields = [Input(name="todo.title"), Input(name="todo.by.name"), Input(name="plain")]
        payload = await self.sent(*fields, todo={"title": "Tea", "by": {"name": "Ada"}}, plain="x")
        assert payload == {"to": 1, "todo": {"title": "Tea", "by": {"name": "Ada"}}, "plain": "x"}
        assert (await self.sent(*fields, **{"todo.title": "Tea"}))["todo"]["title"] == "Tea"

    @pytest.mark.parametrize("name", ["to", "to.whom"])
    async def test_a_value_whose_place_the_payload_has_is_dropped_with_a_warning(self, name):
        with pytest.warns(UserWarning, match=f"The value of the field {name!r} is dropped"):
            assert await self.sent(Input(name=name, defaultValue="2")) == {"to": 1}

    async def test_the_form_is_sent_by_its_action_too(self):
        chat = await shown(self.form(Input(name="name", required=True)))
        with pytest.raises(NotThereError, match="'name' is required"):
            await chat.click("send")
        await chat.click("send", name="Ada")
        assert chat.server.fired == [("send", {"to": 1, "name": "Ada"})]

    async def test_a_field_nobody_has_is_named(self):
        with pytest.raises(NotThereError, match=r"No field 'nam' in this form; there are: 'name', 'mail'"):
            await self.sent(Input(name="name"), Input(name="mail"), nam="Ada")

    async def test_an_option_nobody_offers_is_named(self):
        choices = [*options("s", "m"), {"value": "l", "label": "L", "disabled": True}]
        with pytest.raises(NotThereError, match=r"'l' is no option of the field 'size'; there are: 's', 'm'"):
            await self.sent(Select(name="size", options=choices), size="l")

    async def test_a_disabled_field_is_neither_filled_in_nor_sent(self):
        fields = [Input(name="name", defaultValue="Ada", disabled=True), Input(name="mail")]
        assert await self.sent(*fields) == {"to": 1, "mail": ""}
        with pytest.raises(NotThereError, match="The field 'name' is disabled"):
            await self.sent(*fields, name="Bob")

    @pytest.mark.parametrize(
        ("field", "values", "message"),
        [
            (Input(name="mail", required=True), {}, "'mail' is required and empty"),
            (Checkbox(name="terms", required=True), {"terms": False}, "'terms' is required and empty"),
            (RadioGroup(name="way", options=[], required=True), {}, "'way' is required and empty"),
            (Input(name="zip", pattern=r"\d{5}"), {"zip": "1234"}, "'1234' in the field 'zip' does not match"),
        ],
    )
    async def test_a_browser_does_not_send_a_form_with_a_wrong_field(self, field, values, message):
        chat = await shown(self.form(field))
        with pytest.raises(NotThereError, match=message):
            await chat.click("Send", **values)
        assert chat.server.fired == []

    async def test_right_values_are_sent(self):
        assert await self.sent(Input(name="zip", pattern=r"\d{5}", required=True), zip="12345") == {
            "to": 1,
            "zip": "12345",
        }

    async def test_any_action_inside_carries_the_values_unchecked(self):
        fields = [Input(name="name", required=True), button("Draft", "draft")]
        chat = await shown(self.form(*fields))
        await chat.click("Draft")
        assert chat.server.fired == [("draft", {"of": "Draft", "name": ""})]

    async def test_a_form_ends_where_it_ends(self):
        chat = await shown(Card(children=[Form(children=[Input(name="inside")]), button("Out", "out")]))
        await chat.click("Out")
        assert chat.server.fired == [("out", {"of": "Out"})]
        with pytest.raises(NotThereError, match=r"'Out' \(out\) is in no form with fields: it sends no 'inside'"):
            await chat.click("Out", inside="x")

    async def test_a_card_can_be_the_form(self):
        footer = {name: CardAction(label=name.title(), action=action(name)) for name in ("confirm", "cancel")}
        inner = Form(children=[Input(name="other")])
        fields = [Input(name="name", required=True), Button(label="Go", submit=True), inner]
        chat = await shown(Card(asForm=True, children=fields, **footer))
        with pytest.raises(NotThereError, match="required"):
            await chat.click("Confirm")
        await chat.click("Confirm", name="Ada")
        await chat.click("Go", name="Bob")
        await chat.click("Cancel")
        assert chat.server.fired == [
            ("confirm", {"name": "Ada"}),
            ("confirm", {"name": "Bob"}),
            ("cancel", {"name": ""}),
        ]

    async def test_a_field_of_a_custom_component_takes_anything(self):
        root = {"type": "Card", "children": [self.form().children[0].model_dump()]}
        root["children"][0]["children"].insert(0, {"type": "Stars", "name": "stars", "defaultValue": 3})
        chat = await shown(DynamicWidgetRoot.model_validate(root))
        await chat.click("Send")
        await chat.click("Send", stars=[5])
        assert [payload["stars"] for _, payload in chat.server.fired] == [3, [5]]


class TestChanging:
    async def test_a_field_that_fires_sends_its_value_under_its_name(self):
        field = Select(name="size", options=options("s", "m"), onChangeAction=action("resize", payload={"of": 7}))
        chat = await shown(Card(children=[field]))
        assert (await chat.change("size", "M")).text == "resize done"
        assert chat.server.fired == [("resize", {"of": 7, "size": "m"})]

    async def test_in_a_form_it_sends_the_other_fields_too(self):
        field = Checkbox(name="gift", onChangeAction=action("wrap"))
        chat = await shown(Card(children=[Form(children=[field, Input(name="name", required=True)])]))
        await chat.change("gift", True)
        await chat.change("gift", False, name="Ada")
        assert chat.server.fired == [("wrap", {"gift": True, "name": ""}), ("wrap", {"gift": False, "name": "Ada"})]

    async def test_a_field_that_fires_nothing_is_no_field_to_change(self):
        fires = DatePicker(name="day", onChangeAction=action("plan"))
        chat = await shown(Card(children=[Form(children=[Input(name="name"), fires, button("Go", "go")])]))
        with pytest.raises(NotThereError, match=r"'name' that fires when it changes; there are: 'day' \(plan\)"):
            await chat.change("name", "Ada")
        with pytest.raises(NotThereError, match=r"'day' to click; there are: 'Go' \(go\)"):
            await chat.click("day")

    async def test_a_disabled_field_does_not_change(self):
        field = Checkbox(name="gift", disabled=True, onChangeAction=action("wrap"))
        chat = await shown(Card(children=[field]))
        with pytest.raises(NotThereError, match=r"'gift' \(wrap\) is disabled"):
            await chat.change("gift", True)
