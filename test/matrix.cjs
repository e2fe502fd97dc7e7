/**
 * The behaviours of the backends as a table: a row for each behaviour, a column for each backend. A suite that is a backend's says so in
 * `column`, one that no other backend has in `only`, and a test or a suite that is skipped says why in `skipReason`.
 */
module.exports = { renderMatrix };

function renderMatrix(root, failedHooks) {
    const tests = testsOf(root).filter((test) => columnOf(test) && hasRun(test, failedHooks));
    const columns = [...new Set(tests.map(columnOf))];
    const rows = [...new Set(tests.map(behaviourOf))];
    if (rows.length === 0) {
        return [];
    }
    const reasons = [];
    const cells = rows.map((row) => {
        const inRow = tests.filter((test) => behaviourOf(test) === row);
        const only = inheritedBy(inRow[0], "only");
        return columns.map((column) => {
            const test = inRow.find((each) => columnOf(each) === column);
            const isElsewhere = only !== undefined && !column.startsWith(only);
            return test ? cellOf(test, failedHooks, reasons) : isElsewhere ? `${only} only` : "-";
        });
    });
    return [
        ...renderTable(
            ["", ...columns],
            rows.map((row, index) => [row, ...cells[index]]),
        ),
        ...renderNotes(cells, reasons),
    ];
}

function testsOf(suite) {
    return [...suite.tests, ...suite.suites.flatMap(testsOf)];
}

/** A property of the test, or of the nearest of the suites that it is in. */
function inheritedBy(runnable, property) {
    for (let each = runnable; each; each = each.parent) {
        if (each[property] !== undefined) {
            return each[property];
        }
    }
    return undefined;
}

function columnOf(test) {
    return inheritedBy(test, "column");
}

/** The titles that lead to the test, without that of the backend. */
function behaviourOf(test) {
    const titles = [];
    for (let each = test; each; each = each.parent) {
        if (each.column === undefined && each.title) {
            titles.unshift(each.title);
        }
    }
    return titles.join(": ");
}

/** Tests that a failed hook kept from running count as run, and those that nobody asked for do not. */
function hasRun(test, failedHooks) {
    return test.state !== undefined || test.pending || hookFailed(test, failedHooks);
}

function hookFailed(test, failedHooks) {
    return failedHooks.some((hook) => {
        const failedIn = hook.ctx && hook.ctx.currentTest;
        const isInside = hook.parent.titlePath().every((title, index) => test.titlePath()[index] === title);
        return failedIn === test || (isInside && test.state === undefined && !test.pending);
    });
}

function cellOf(test, failedHooks, reasons) {
    if (test.state === "failed" || hookFailed(test, failedHooks)) {
        return "FAILED";
    }
    if (test.state === "passed") {
        return "passed";
    }
    const reason = inheritedBy(test, "skipReason") || "it is marked as pending";
    if (!reasons.includes(reason)) {
        reasons.push(reason);
    }
    return `skipped (${reasons.indexOf(reason) + 1})`;
}

function renderTable(head, rows) {
    const widths = head.map((_, index) => Math.max(...[head, ...rows].map((row) => row[index].length)));
    const line = (row) =>
        row
            .map((cell, index) => cell.padEnd(widths[index]))
            .join("  ")
            .trimEnd();
    return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}

function renderNotes(cells, reasons) {
    const hasNone = cells.some((row) => row.includes("-"));
    return [
        ...(hasNone ? ["-: the same for either kind of workers"] : []),
        ...reasons.map((reason, index) => `(${index + 1}) ${reason}`),
    ];
}
