import assert from "node:assert/strict";
import { createHmac } from "crypto";
import { once } from "events";
import * as net from "net";
import { removeFolders } from "../../helpers/folders";
import { PoolSession, key, until } from "./session";

const nonce = "0a".repeat(16);

/** A program that speaks to the launcher line by line. */
class Stranger {
    received = "";
    isOver = false;
    private readonly socket: net.Socket;

    constructor(port: number) {
        this.socket = net.connect(port, "127.0.0.1");
        this.socket.on("data", (data) => (this.received += String(data)));
        this.socket.on("error", () => undefined).on("close", () => (this.isOver = true));
    }

    say(message: unknown): void {
        this.socket.write(typeof message === "string" ? message : JSON.stringify(message) + "\n");
    }

    /** The message of this number, without the pings. */
    async hears(index: number): Promise<any> {
        const messages = () => this.received.split("\n").filter((line) => line !== "" && !line.includes(`"ping"`));
        await until(
            () => messages().length > index || this.isOver,
            () => "a message",
        );
        return JSON.parse(messages()[index] ?? "null");
    }

    async isEnded(): Promise<void> {
        await until(
            () => this.isOver,
            () => "the end",
        );
    }

    close(): void {
        this.socket.destroy();
    }
}

const proofOf = (secret: string, ...parts: string[]): string =>
    createHmac("sha256", secret).update(parts.join(":")).digest("hex");

describe("the protocol of the pool", function () {
    this.timeout(90_000);
    let session: PoolSession;
    const strangers: Stranger[] = [];

    before(async () => {
        session = await PoolSession.running(1);
    });

    after(async () => {
        strangers.forEach((stranger) => stranger.close());
        await session.close();
        removeFolders();
    });

    const connect = (): Stranger => {
        const stranger = new Stranger(session.port);
        strangers.push(stranger);
        return stranger;
    };

    /** A stranger that has shaken hands with this key. */
    const peer = async (role: string, secret = key): Promise<Stranger> => {
        const stranger = connect();
        stranger.say({ version: 1, role, nonce });
        const challenge = await stranger.hears(0);
        assert.deepEqual(Object.keys(challenge), ["version", "nonce", "proof"]);
        assert.equal(challenge.proof, proofOf(key, "launcher", role, nonce, challenge.nonce));
        stranger.say({ proof: proofOf(secret, role, challenge.nonce, nonce) });
        return stranger;
    };

    it("proves the key in both directions, and then answers", async () => {
        const client = await peer("client");
        assert.deepEqual(await client.hears(1), { welcome: true });
        client.say({ type: "stop", ids: [] });
        assert.deepEqual(await client.hears(2), { done: true });
        client.say({ type: "stop", ids: ["x"] });
        assert.deepEqual(await client.hears(3), { item: { id: "x", status_code: 404 } });
    });

    it("refuses another key", async () => {
        const client = await peer("client", "another");
        assert.deepEqual(await client.hears(1), { error: "the key of the session is another one (CDSW_SESSION_KEY)" });
        await client.isEnded();
    });

    it("gives a proof of one role or connection no value in another", async () => {
        const client = connect();
        client.say({ version: 1, role: "client", nonce });
        const challenge = await client.hears(0);
        client.say({ proof: challenge.proof });
        assert.match((await client.hears(1)).error, /another one/);
        const agent = connect();
        agent.say({ version: 1, role: "agent", nonce });
        const other = await agent.hears(0);
        agent.say({ proof: proofOf(key, "client", other.nonce, nonce) });
        assert.match((await agent.hears(1)).error, /another one/);
    });

    for (const [what, hello, error] of [
        [
            "an unknown version",
            { version: 2, role: "agent", nonce },
            "version 2 of the protocol is unknown; known is 1",
        ],
        [
            "an unknown role",
            { version: 1, role: "admin", nonce },
            "the role 'admin' is unknown; known are agent, client",
        ],
        ["a short nonce", { version: 1, role: "agent", nonce: "0a" }, "a nonce is not 32 hexadecimal digits"],
        ["an unknown field", { version: 1, role: "agent", nonce, more: 1 }, "the field 'more' is unknown"],
        ["a missing field", { version: 1, role: "agent" }, "the field 'nonce' is missing"],
        ["garbage", "GET / HTTP/1.1\r\n\r\n", "a line is no JSON object in UTF-8"],
        ["deep brackets", "[".repeat(100_000) + "\n", "a line is no JSON object in UTF-8"],
    ] as const) {
        it(`refuses ${what} with one sentence`, async () => {
            const stranger = connect();
            stranger.say(hello);
            assert.deepEqual(await stranger.hears(0), { error });
            await stranger.isEnded();
        });
    }

    it("gives nothing to a program that sends 10 MB without an end of the line", async () => {
        const stranger = connect();
        stranger.say("x".repeat(10_000_000));
        await stranger.isEnded();
        assert.doesNotMatch(stranger.received, /proof/);
    });

    it("ends the connection of a program that says nothing or half a line after 5 s", async () => {
        const start = Date.now();
        const [silent, half] = [connect(), connect()];
        half.say('{"version":');
        await Promise.all([silent.isEnded(), half.isEnded()]);
        assert.ok(Date.now() - start > 4500);
        assert.deepEqual([silent.received, half.received], ["", ""]);
    });

    for (const [what, role, message, error] of [
        [
            "message of a client",
            "client",
            { type: "shutdown" },
            "the message type 'shutdown' is unknown; known are launch, list, await, stop",
        ],
        ["first message of an agent", "agent", { type: "ping" }, "the first message of an agent is not 'join'"],
        ["field", "client", { type: "list", all: true }, "the field 'all' is unknown"],
        ["type of a field", "client", { type: "stop", ids: [1] }, "the field 'ids' holds something else than texts"],
    ] as const) {
        it(`refuses an unknown ${what}`, async () => {
            const stranger = await peer(role);
            stranger.say(message);
            assert.deepEqual(await stranger.hears(2), { error });
            await stranger.isEnded();
        });
    }

    it("lets no agent in without the key, or with another one, which says so and ends with 1", async () => {
        const without = session.agent(8, [], { CDSW_SESSION_KEY: "" });
        const other = session.agent(9, [], { CDSW_SESSION_KEY: "another" });
        assert.deepEqual([await without.ended, await other.ended], [1, 1]);
        assert.equal(
            without.text,
            "cdsw: this engine belongs to no session with a pool: CDSW_SESSION_KEY is not set\n",
        );
        assert.equal(
            other.text,
            "cdsw: this engine cannot join its session: the key of the session is another one (CDSW_SESSION_KEY)\n",
        );
    });

    it("lets agents and clients tell nothing to a launcher that does not know the key, or speaks another version", async () => {
        const heard: string[] = [];
        let version = 1;
        const false_ = net.createServer((socket) => {
            socket.on("error", () => undefined).on("data", (data) => heard.push(String(data)));
            socket.write(JSON.stringify({ version: version++, nonce, proof: "00" }) + "\n");
        });
        await once(false_.listen(0), "listening");
        const port = String((false_.address() as net.AddressInfo).port);
        const agent = session.agent(7, [], { CDSW_LAUNCHER_PORT: port });
        assert.equal(await agent.ended, 1);
        assert.match(agent.text, /cannot join its session: the key of the session is another one/);
        await assert.rejects(
            session.python("cdsw.list_workers()", { CDSW_LAUNCHER_PORT: port }),
            /Error: The launcher of this session gives no answer: version 2 of the protocol is unknown; known is 1\./,
        );
        assert.equal(heard.length, 2);
        heard.forEach((text) =>
            assert.match(text, /^\{"version":1,"role":"(agent|client)","nonce":"[0-9a-f]{32}"\}\n$/),
        );
        false_.close();
    });

    it("puts the key on no wire and no console", () => {
        const all =
            strangers.map((stranger) => stranger.received).join() + session.launcher.text + session.agents[0]!.text;
        assert.ok(all.includes("proof") && !all.includes(key));
    });

    it("still serves after all this, and no error was printed", async () => {
        await session.joined(1);
        assert.equal(session.launcher.text, "");
    });
});
