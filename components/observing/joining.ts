import { joinCheckSeconds } from "../model/plan";
import { CreatedEngine } from "./runtime";
import { Watch } from "./watch";

const longestQuote = 300;

/** Which workers are yet to join what their master runs. */
export class Joining {
    private readonly pending: Map<string, CreatedEngine>;

    constructor(
        private readonly watch: Watch,
        workers: CreatedEngine[],
    ) {
        this.pending = new Map(
            workers.filter(({ joinCheck }) => joinCheck !== undefined).map((each) => [each.id, each]),
        );
    }

    /** Waits until every worker has joined or has ended. */
    async all(signal: AbortSignal): Promise<void> {
        const join = async (worker: CreatedEngine) => {
            if (await this.watch.host.untilJoined(worker, signal)) {
                this.pending.delete(worker.id);
            }
        };
        await Promise.all([...this.pending.values()].map(join));
    }

    isPending(id: string): boolean {
        return this.pending.has(id);
    }
}

/** What workers that have not joined in time last found out, so many of them. */
export async function describeNotJoined(
    { host, plan }: Watch,
    late: CreatedEngine[],
    { most, of }: { most: number; of: number },
): Promise<string> {
    const quote = async ({ engine, id }: CreatedEngine) =>
        `  ${engine.name}: ${quoteLastLine(await host.readJoinCheck(id))}`;
    const quotes = await Promise.all(late.slice(0, most).map(quote));
    const rest = late.length > most ? [`  And ${late.length - most} more.`] : [];
    const paths = [...new Set(late.map(({ engine }) => `${engine.template.path}.joinCheck`))].join(" and ");
    return [
        `${late.length} of ${of} workers had not joined after ${plan.waitTimeout} s. What their joinCheck printed last:`,
        ...quotes,
        ...rest,
        `They run on; the next pulumi up waits for them again. Correct their program or ${paths}, which has ${joinCheckSeconds} s for each run, or raise timeoutSeconds (0 is no limit) to wait longer.`,
    ].join("\n");
}

function quoteLastLine(printed: string | undefined): string {
    if (printed === undefined) {
        return "(it cannot be read)";
    }
    const line = printed
        .trimEnd()
        .split(/[\r\n]/)
        .at(-1)!
        .trim();
    return line === "" ? "(nothing)" : line.length > longestQuote ? `${line.slice(0, longestQuote)}...` : line;
}
