import assert from "node:assert/strict";
import { execFile } from "child_process";
import * as net from "net";
import * as path from "path";
import { listeningCommand, portsInProbe } from "../../../components/kubernetes/listeningProbe";
import { folderWith, removeFolders } from "../../helpers/folders";

/** What the command ends with and prints. */
interface ProbeResult {
    exitCode: number;
    output: string;
}

function run([program, ...args]: string[]): Promise<ProbeResult> {
    return new Promise((resolve) => {
        execFile(program!, args, (error, stdout, stderr) => {
            resolve({ exitCode: Number(error?.code ?? 0), output: `${stdout}${stderr}` });
        });
    });
}

/** Probes for ports in tables of sockets that a test makes up. */
function probe(tables: { tcp?: string[]; tcp6?: string[] }, ...ports: number[]): Promise<ProbeResult> {
    const head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
    const files = Object.entries(tables).map(([name, lines]) => [name, `${[head, ...lines].join("\n")}\n`]);
    const folder = folderWith(Object.fromEntries(files) as Record<string, string>);
    return run(listeningCommand(ports).map((part) => part.replaceAll("/proc/net", path.join(folder))));
}

const slot = (address: string, state: string, remote = "00000000:0000") =>
    `   0: ${address} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 141030 1 0 100 0 0 10 0   `;
const anyAddress6 = "0".repeat(32);

describe("the probe of an engine's ports", () => {
    after(removeFolders);

    const table: [string, Parameters<typeof probe>[0], number[], ProbeResult][] = [
        [
            "finds a port that is listened on",
            { tcp: [slot("00000000:1770", "0A")] },
            [6000],
            { exitCode: 0, output: "" },
        ],
        [
            "finds no port where there is no socket",
            { tcp: [], tcp6: [] },
            [6000],
            { exitCode: 1, output: "listens on:.\n" },
        ],
        [
            "takes no connection for a port that is listened on",
            { tcp: [slot("0200F40A:1770", "01", "0300F40A:9C40"), slot("0200F40A:1770", "06")] },
            [6000],
            { exitCode: 1, output: "listens on:.\n" },
        ],
        [
            "takes no remote port for one that is listened on",
            { tcp: [slot("00000000:1771", "0A", "00000000:1770")] },
            [6000],
            { exitCode: 1, output: "listens on: 1771.\n" },
        ],
        [
            "finds a port of one address alone",
            { tcp: [slot("0200F40A:1770", "0A")] },
            [6000],
            { exitCode: 0, output: "" },
        ],
        [
            "finds a port of IPv6",
            { tcp: [], tcp6: [slot(`${anyAddress6}:1770`, "0A")] },
            [6000],
            { exitCode: 0, output: "" },
        ],
        [
            "finds a port where the kernel has no IPv6",
            { tcp: [slot("00000000:1770", "0A")] },
            [6000],
            { exitCode: 0, output: "" },
        ],
        [
            "wants all ports",
            {
                tcp: [slot("00000000:1770", "0A"), slot("00000000:0050", "0A")],
                tcp6: [slot(`${anyAddress6}:1B58`, "0A")],
            },
            [6000, 7000, 8000, 80],
            { exitCode: 1, output: "listens on: 1770 0050 1B58.\n" },
        ],
        [
            "finds several ports, in whatever order",
            { tcp: [slot("00000000:1770", "0A")], tcp6: [slot(`${anyAddress6}:0050`, "0A")] },
            [80, 6000],
            { exitCode: 0, output: "" },
        ],
        [
            "finds no port in a part of another",
            { tcp: [slot("00000000:1770", "0A")] },
            [0x17],
            { exitCode: 1, output: "listens on: 1770.\n" },
        ],
        ...[
            ["0100007F", "tcp"],
            ["0A01007F", "tcp"],
            ["00000000000000000000000001000000", "tcp6"],
            ["0000000000000000FFFF00000100007F", "tcp6"],
        ].map(([address, file]): [string, Parameters<typeof probe>[0], number[], ProbeResult] => [
            `does not count a port of the loopback address ${address} alone`,
            { tcp: [], [file!]: [slot(`${address}:1770`, "0A")] },
            [6000],
            { exitCode: 1, output: "listens on:.\n" },
        ]),
    ];
    for (const [what, tables, ports, result] of table) {
        it(what, async () => assert.deepEqual(await probe(tables, ...ports), result));
    }

    it("prints what it found in a form that is read again", async () => {
        const { output } = await probe({ tcp: [slot("00000000:1770", "0A"), slot("00000000:FFFF", "0A")] }, 80);
        assert.deepEqual(portsInProbe(`Startup probe failed: ${output}`), [6000, 65_535]);
    });

    describe("of this machine", function () {
        const isLinux = process.platform === "linux";
        let server: net.Server | undefined;
        afterEach(() => server?.close());

        const listen = async (host: string) => {
            server = net.createServer();
            await new Promise<void>((resolve, reject) => {
                server!.once("error", reject).listen(0, host, resolve);
            });
            return (server.address() as net.AddressInfo).port;
        };

        it("finds a port that a program listens on, and connects to nobody", async function () {
            if (!isLinux) {
                this.skip();
            }
            const port = await listen("0.0.0.0");
            server!.on("connection", () => assert.fail("somebody connected"));
            assert.deepEqual(await run(listeningCommand([port])), { exitCode: 0, output: "" });
        });

        it("does not find one that is listened on by the loopback address alone", async function () {
            if (!isLinux) {
                this.skip();
            }
            const port = await listen("127.0.0.1");
            const { exitCode, output } = await run(listeningCommand([port]));
            assert.equal(exitCode, 1);
            assert.ok(!portsInProbe(output).includes(port));
        });
    });
});

describe("the ports that a failed probe found", () => {
    for (const [message, ports] of [
        ["", []],
        ["Startup probe failed: listens on:.", []],
        ["Startup probe failed: listens on: 1770 0050 1770.\n", [6000, 80]],
        ["Startup probe errored: context deadline exceeded", []],
    ] as const) {
        it(`are ${JSON.stringify(ports)} in ${JSON.stringify(message)}`, () => {
            assert.deepEqual(portsInProbe(message), ports);
        });
    }
});
