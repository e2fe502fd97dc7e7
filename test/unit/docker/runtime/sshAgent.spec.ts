import { execFile } from "child_process";
import assert from "node:assert/strict";
import * as fs from "fs";
import * as http from "http";
import { AddressInfo } from "net";
import * as path from "path";
import { promisify } from "util";
import { connect } from "../../../../components/docker/runtime/connect";
import { folderWith, removeFolders } from "../../../helpers/folders";

/** Plays `ssh`: notes each start with its arguments, and passes everything on to a port of this machine. */
const playedSsh = `#!${process.execPath}
require("fs").appendFileSync(process.env.SSH_STARTS, process.argv.slice(2).join(" ") + "\\n");
const socket = require("net").connect(Number(process.env.SSH_TO_PORT), "127.0.0.1");
process.stdin.pipe(socket).pipe(process.stdout);
socket.on("close", () => process.exit());
`;

const refusingSsh = `#!/bin/sh
echo "Permission denied (publickey)." >&2
exit 255
`;

describe("a connection to a Docker host over SSH", () => {
    const before = { ...process.env };
    let daemon: http.Server;
    let starts: string;

    function play(program: string): void {
        const folder = folderWith({ ssh: program, starts: "" });
        fs.chmodSync(path.join(folder, "ssh"), 0o755);
        starts = path.join(folder, "starts");
        const { port } = daemon.address() as AddressInfo;
        Object.assign(process.env, {
            PATH: `${folder}:${before.PATH}`,
            SSH_STARTS: starts,
            SSH_TO_PORT: String(port),
        });
    }

    const countStarts = () => fs.readFileSync(starts, "utf8").trim().split("\n").filter(Boolean).length;

    beforeEach(async () => {
        daemon = http.createServer((request, response) => {
            request.resume();
            response.setHeader("Content-Type", "application/json");
            response.end(JSON.stringify({ ID: request.url }));
        });
        await new Promise<void>((resolve) => daemon.listen(0, "127.0.0.1", resolve));
    });
    afterEach(() => {
        daemon.closeAllConnections();
        daemon.close();
        Object.assign(process.env, before);
        removeFolders();
    });

    it("serves many requests with one login", async () => {
        play(playedSsh);
        const docker = await connect({ url: "ssh://me@far:2222", sshOptions: ["-v"] });
        for (let count = 0; count < 5; count++) {
            await docker.info();
        }
        assert.equal(countStarts(), 1);
        assert.equal(fs.readFileSync(starts, "utf8"), "-v -l me -p 2222 far docker system dial-stdio\n");
    });

    it("opens a second login for a request beside another", async () => {
        play(playedSsh);
        const docker = await connect({ url: "ssh://far", sshOptions: [] });
        await Promise.all([docker.info(), docker.info()]);
        assert.equal(countStarts(), 2);
    });

    it("opens another login once the daemon has closed the connection", async () => {
        play(playedSsh);
        const docker = await connect({ url: "ssh://far", sshOptions: [] });
        await docker.info();
        daemon.closeAllConnections();
        await new Promise((resolve) => setTimeout(resolve, 200));
        await docker.info();
        assert.equal(countStarts(), 2);
    });

    it("keeps no program from ending", async function () {
        // A program compiles its modules first: on a busy machine, that takes long.
        this.timeout(90_000);
        play(playedSsh);
        const program = path.join(path.dirname(starts), "program.ts");
        const module = path.resolve("components/docker/runtime/connect");
        fs.writeFileSync(
            program,
            `import { connect } from ${JSON.stringify(module)};
            void connect({ url: "ssh://far", sshOptions: [] }).then((docker) => docker.info()).then(() => console.log("done"));`,
        );
        const options = { timeout: 60_000 };
        const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", program], options);
        assert.equal(stdout, "done\n");
    });

    it("hands over an IPv6 address as ssh takes it, without brackets", async () => {
        play(playedSsh);
        await (await connect({ url: "ssh://me@[::1]", sshOptions: [] })).info();
        assert.equal(fs.readFileSync(starts, "utf8"), "-l me ::1 docker system dial-stdio\n");
    });

    it("fails with the words of the ssh program", async () => {
        play(refusingSsh);
        const docker = await connect({ url: "ssh://far", sshOptions: [] });
        await assert.rejects(docker.info(), { message: "Permission denied (publickey)." });
    });
});
