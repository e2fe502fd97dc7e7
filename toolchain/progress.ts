import { clearLine, cursorTo } from "node:readline";

const width = () => (process.stderr.columns ?? 80) - 1;

/** Says one line about what happens. All of it goes to stderr: stdout belongs to Pulumi. */
export function say(line: string): void {
    process.stderr.write(`${line}\n`);
}

/** The visible side of a step that takes a while: one rewritten line on a terminal, a line now and then elsewhere. */
export class Progress {
    private readonly started = Date.now();
    private readonly timer: NodeJS.Timeout;
    private lastLine = "";

    constructor(private readonly what: string) {
        if (process.stderr.isTTY) {
            this.timer = setInterval(() => this.rewrite(), 250);
            this.rewrite();
        } else {
            this.timer = setInterval(() => say(this.text()), 10_000);
            say(`${what} ...`);
        }
    }

    /** Shows what the tool says now. */
    update(line: string): void {
        this.lastLine = line;
    }

    /** Ends the step. */
    end(how: string): void {
        clearInterval(this.timer);
        if (process.stderr.isTTY) {
            this.clear();
            say(`${this.what}: ${how} (${this.seconds()} s)`);
        } else if (this.seconds() > 2) {
            say(`${this.what}: ${how} (${this.seconds()} s)`);
        }
    }

    private rewrite(): void {
        this.clear();
        process.stderr.write(this.text().slice(0, width()));
    }

    private clear(): void {
        cursorTo(process.stderr, 0);
        clearLine(process.stderr, 0);
    }

    private text(): string {
        return `${this.what} ... ${this.seconds()} s${this.lastLine === "" ? "" : `  ${this.lastLine}`}`;
    }

    private seconds(): number {
        return Math.round((Date.now() - this.started) / 1000);
    }
}
