import { Result } from "./results";

/** The behaviours of the backends as a table: a row for each behaviour, a column for each backend. */
export function renderMatrix(results: Result[]): string[] {
    const shown = results.filter(({ column }) => column !== undefined);
    const columns = [...new Set(shown.map(({ column }) => column!))];
    const rows = [...new Set(shown.map(({ behaviour }) => behaviour))];
    if (rows.length === 0) {
        return [];
    }
    const reasons: string[] = [];
    const cells = rows.map((row) => {
        const inRow = shown.filter(({ behaviour }) => behaviour === row);
        const { only } = inRow[0]!;
        return columns.map((column) => {
            const result = inRow.find((each) => each.column === column);
            const isElsewhere = only !== undefined && !column.startsWith(only);
            return result ? cellOf(result, reasons) : isElsewhere ? `${only} only` : "-";
        });
    });
    const table = rows.map((row, index) => [row, ...cells[index]!]);
    return [...renderTable(["", ...columns], table), ...renderNotes(cells, reasons)];
}

function cellOf({ state, reason }: Result, reasons: string[]): string {
    if (reason === undefined) {
        return state;
    }
    if (!reasons.includes(reason)) {
        reasons.push(reason);
    }
    return `${state} (${reasons.indexOf(reason) + 1})`;
}

function renderTable(head: string[], rows: string[][]): string[] {
    const widths = head.map((_, index) => Math.max(...[head, ...rows].map((row) => row[index]!.length)));
    const line = (row: string[]) =>
        row
            .map((cell, index) => cell.padEnd(widths[index]!))
            .join("  ")
            .trimEnd();
    return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}

function renderNotes(cells: string[][], reasons: string[]): string[] {
    const hasNone = cells.some((row) => row.includes("-"));
    return [
        ...(hasNone ? ["-: the same for either kind of workers"] : []),
        ...reasons.map((reason, index) => `(${index + 1}) ${reason}`),
    ];
}
