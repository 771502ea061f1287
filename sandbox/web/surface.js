// A place on which Block Kit elements live - a message, a modal, Home - with what the person has put into them.

import { Failed, act } from "./api.js";
import { confirmed } from "./dialogs.js";
import { toast } from "./dom.js";
import { store } from "./store.js";

/** Element type -> the field of Slack's state that holds its value. */
const FIELD = {
  static_select: "selected_option",
  external_select: "selected_option",
  overflow: "selected_option",
  radio_buttons: "selected_option",
  multi_static_select: "selected_options",
  multi_external_select: "selected_options",
  checkboxes: "selected_options",
  users_select: "selected_user",
  conversations_select: "selected_conversation",
  channels_select: "selected_channel",
  multi_users_select: "selected_users",
  multi_conversations_select: "selected_conversations",
  multi_channels_select: "selected_channels",
  datepicker: "selected_date",
  timepicker: "selected_time",
  datetimepicker: "selected_date_time",
  plain_text_input: "value",
  number_input: "value",
  email_text_input: "value",
  url_text_input: "value",
  rich_text_input: "rich_text_value",
  file_input: "files",
};

const keyOf = (block, element) => `${block.block_id}\n${element.action_id}\n${element.type}`;

/** What an element names itself for restoring the focus after the blocks were shown anew. */
export const focusKey = (block, element) => `${block.block_id}/${element.action_id}`;

/** Say what went wrong, kindly. Anything that is not the server's answer is a fault of this page and is thrown on. */
export function complain(problem) {
  if (!(problem instanceof Failed)) throw problem;
  toast(problem.message, "error");
}

export class Surface {
  /**
   * `place` is what an act needs to find the element: {channel, message_ts} or {view_id}.
   * `kind`: "message", "modal" or "home".
   */
  constructor(kind, place) {
    this.kind = kind;
    this.place = place;
    this.values = {};
    this.local = new Map();
    this.unsent = new Map();
    this.queue = Promise.resolve();
    this.onInput = () => {};
  }

  /** What the element holds now: what was typed here, else what the server knows. */
  value(block, element) {
    const key = keyOf(block, element);
    if (this.local.has(key)) return this.local.get(key).value;
    return this.values[block.block_id]?.[element.action_id]?.[FIELD[element.type]] ?? null;
  }

  /** Take over a value; it reaches the server with the next act, or when the person leaves the field. */
  set(block, element, value) {
    const key = keyOf(block, element);
    const entry = { block, element, value };
    this.local.set(key, entry);
    this.unsent.set(key, entry);
    this.onInput(block);
  }

  /** Whether a change of this element is an action of its own. */
  dispatches(block) {
    return block.type !== "input" || Boolean(block.dispatch_action);
  }

  /** The person is done with a value: send it. `node` shows that it is under way. Resolves to whether it was sent. */
  async commit(block, element, value, node) {
    const dispatching = this.dispatches(block);
    if (dispatching && element.confirm && !(await confirmed(element.confirm))) return false;
    this.set(block, element, value);
    if (!dispatching) {
      await this.flush();
      return true;
    }
    this.unsent.delete(keyOf(block, element));
    await this.send(block, element, { [FIELD[element.type]]: value }, node);
    return true;
  }

  /** A press of something that holds no value. */
  async press(block, element, fields, node) {
    if (element.confirm && !(await confirmed(element.confirm))) return false;
    await this.send(block, element, fields, node);
    return true;
  }

  /** Send what was typed and not yet sent. Values travel in order, and before any press. */
  flush() {
    const entries = [...this.unsent.values()];
    this.unsent.clear();
    for (const { block, element, value } of entries) {
      this.queue = this.queue.then(() => this.post(block, element, { [FIELD[element.type]]: value }, false));
    }
    return this.queue;
  }

  send(block, element, fields, node) {
    this.flush();
    node?.setAttribute("aria-busy", "true");
    this.queue = this.queue
      .then(() => this.post(block, element, fields, true))
      .finally(() => node?.removeAttribute("aria-busy"));
    return this.queue;
  }

  async post(block, element, fields, told) {
    const body = { as: store.me.id, ...this.place, block_id: block.block_id, action_id: element.action_id, ...fields };
    try {
      await act(this.kind === "message" ? "click" : "view_action", body);
    } catch (problem) {
      // A value that goes along unasked (its block may be gone by now) is no reason to trouble anyone.
      if (told || !(problem instanceof Failed)) complain(problem);
    }
  }

  /** All values put in here, in the form of submit_view. */
  typed() {
    const values = {};
    for (const { block, element, value } of this.local.values()) {
      (values[block.block_id] ||= {})[element.action_id] = { [FIELD[element.type]]: value };
    }
    this.unsent.clear();
    return values;
  }

  /** Forget what belongs to blocks that are no longer there. */
  keepOnly(blocks) {
    const known = new Set();
    const look = (block) => {
      for (const element of [block.element, block.accessory, ...(block.elements || []), ...(block.actions || [])]) {
        if (element?.action_id) known.add(keyOf(block, element));
      }
      (block.child_blocks || []).forEach(look);
    };
    blocks.forEach(look);
    for (const key of [...this.local.keys()]) {
      if (!known.has(key)) {
        this.local.delete(key);
        this.unsent.delete(key);
      }
    }
  }
}
