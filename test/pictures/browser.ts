import { spawn } from "child_process";
import type { Readable, Writable } from "stream";
import { pause } from "../../components/observing/time";

const width = 1400;

/** An answer of the browser: its messages end with a zero byte. */
interface Answer {
    id?: number;
    result?: Record<string, string>;
    error?: { message: string };
}

/** A page to be shown. */
export interface Page {
    url: string;
    /** How long it has to fill, in ms: pages that draw what a connection brings are never complete. */
    fillMs: number;
    /** The height of the window. */
    height?: number;
    /** What a user who has logged in has. */
    cookie?: { name: string; value: string };
}

/** What a page shows, as PNG. */
export async function screenshot({ url, fillMs, height = 800, cookie }: Page): Promise<Buffer> {
    const args = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe"];
    const browser = spawn("chromium", args, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    const [, , , commands, answers] = browser.stdio as unknown as [null, null, null, Writable, Readable];
    const waiting = new Map<number, (answer: Answer) => void>();
    let rest = "";
    answers.setEncoding("utf8").on("data", (text: string) => {
        const messages = (rest + text).split("\0");
        rest = messages.pop()!;
        for (const answer of messages.map((message) => JSON.parse(message) as Answer)) {
            waiting.get(answer.id ?? 0)?.(answer);
        }
    });
    const ask = async (method: string, params: object, sessionId?: string): Promise<Record<string, string>> => {
        const id = waiting.size + 1;
        const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
        commands.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
        const { result, error } = await answered;
        if (result === undefined) {
            throw new Error(`${method}: ${error?.message}`);
        }
        return result;
    };
    try {
        const { targetId } = await ask("Target.createTarget", { url: "about:blank", width, height });
        const { sessionId } = await ask("Target.attachToTarget", { targetId, flatten: true });
        if (cookie !== undefined) {
            await ask("Network.setCookie", { ...cookie, url }, sessionId);
        }
        await ask("Page.navigate", { url }, sessionId);
        await pause(fillMs);
        const { data } = await ask("Page.captureScreenshot", { format: "png" }, sessionId);
        return Buffer.from(data!, "base64");
    } finally {
        browser.kill();
    }
}
