/* eslint-disable no-control-regex -- They are what this file is about. */

/** Orders to a terminal that are longer than one character: a title, a link, a device's data; they end with BEL or ST. */
const longOrder =
    /(?:\u001b[\]PX^_]|[\u0090\u0098\u009d\u009e\u009f])[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)?/g;
/** Colours, moves of the cursor, and what clears the screen. */
const order = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]/g;
const shortOrder = /\u001b[ -/]*[0-~]/g;
/** All other control characters but the ends of lines and the tab. */
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
/** What turns the direction of the text around it. */
const direction = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** What the logs of CI systems take for a command: `##vso[`, `##[`, `##teamcity[` anywhere, `::error` at the beginning of a line. */
const ciCommand = /#(?=#\w*\[)/g;
const ciCommandInFront = /^([^\S\n]*:)(?=:[\w-]+)/gm;
/** What Pulumi takes for a colour: `<{%reset%}>`. */
const pulumiColour = /<(?=\{%)/g;

/**
 * A text of an engine, a daemon or a cluster that a terminal, a CI system and Pulumi show and do not obey. What only a terminal sees is
 * taken away; a command that can be read stays, with a blank in it.
 */
export function harmless(text: string): string {
    return text
        .replace(longOrder, "")
        .replace(order, "")
        .replace(shortOrder, "")
        .replace(control, "")
        .replace(direction, "")
        .replace(ciCommand, "# ")
        .replace(pulumiColour, "< ")
        .replace(ciCommandInFront, "$1 ");
}

/** The same of a text of whole lines. What goes back to the beginning of its line would hide what stood there. */
export function harmlessLines(text: string): string {
    return harmless(text.replace(/^\r+(?!\n)/, "").replace(/\r*\n|\r+/g, "\n"));
}
