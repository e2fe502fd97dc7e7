import type Docker from "dockerode";
import assert from "node:assert/strict";
import { MissingCat, listeningPorts, portsListening } from "../../../../../components/docker/runtime/inside/listening";
import { Readable } from "stream";
import { frame } from "../../../../helpers/frames";

// Taken from Linux: listeners on port 46000 of all addresses, on 48888 of the loopback and on 46001 of IPv6, and connections to each.
const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     
   2: 00000000:B3B0 00000000:0000 0A 00000000:00000001 00:00000000 00000000     0        0 141030 2 00000000846adc6d 100 0 0 10 0                    
   6: 0100007F:BEF8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 141031 1 00000000e21e8acd 100 0 0 10 0                    
  17: 0100007F:BEF8 0100007F:AE12 06 00000000:00000000 03:00001770 00000000     0        0 0 3 00000000d609ecb3                                      
  27: 0100007F:B3B0 0100007F:AF1A 01 00000000:00000000 00:00000000 00000000     0        0 0 1 000000002127311f 20 0 0 10 -1                         
  64: 0100007F:AF1A 0100007F:B3B0 01 00000000:00000000 00:00000000 00000000     0        0 141033 2 000000004560c0e7 20 0 0 10 -1                    
`;
const tcp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:B3B1 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 141032 2 00000000eaeca250 100 0 0 10 0
   1: 00000000000000000000000001000000:B3B1 00000000000000000000000001000000:88D2 01 00000000:00000000 00:00000000 00000000     0        0 0 1 00000000bbfd5834 20 0 0 10 -1
   2: 00000000000000000000000001000000:88D2 00000000000000000000000001000000:B3B1 01 00000000:00000000 00:00000000 00000000     0        0 141034 2 00000000d4dd153b 20 0 0 10 -1
`;

describe("the ports that a container listens on", () => {
    it("are those in state LISTEN, of IPv4 and IPv6", () => {
        assert.deepEqual([...listeningPorts(tcp + tcp6)], [46000, 46001]);
    });

    it("are not those of the loopback address, which no other engine reaches", () => {
        const line = (address: string) => `head\n 0: ${address}:1770 00000000:0000 0A 0`;
        for (const address of [
            "0100007F",
            "0A00007F",
            "00000000000000000000000001000000",
            "0000000000000000FFFF00000100007F",
        ]) {
            assert.deepEqual([...listeningPorts(line(address))], [], address);
        }
        assert.deepEqual([...listeningPorts(line("0200000A"))], [6000]);
    });

    it("are none where it has no socket", () => {
        assert.deepEqual([...listeningPorts("")], []);
        assert.deepEqual([...listeningPorts(tcp.split("\n")[0]!)], []);
    });
});

describe("the reading of a container's sockets", () => {
    const commands: string[][] = [];

    /** A container whose `cat` prints this and ends with this code, or cannot be inspected. */
    function dockerWith(answer: { prints: string; exitCode: number | null } | { statusCode: number }): Docker {
        const exec = ({ Cmd }: { Cmd: string[] }) => {
            commands.push(Cmd);
            if ("statusCode" in answer) {
                return Promise.reject(Object.assign(new Error("no"), answer));
            }
            return Promise.resolve({
                start: () => Promise.resolve(Readable.from([frame(answer.prints)])),
                inspect: () => Promise.resolve({ ExitCode: answer.exitCode }),
            });
        };
        return { getContainer: () => ({ exec }) } as unknown as Docker;
    }

    it("reads them and connects to nobody", async () => {
        const ports = await portsListening(dockerWith({ prints: tcp, exitCode: 0 }), "id");
        assert.deepEqual([...ports!], [46000]);
        assert.deepEqual(commands, [["cat", "/proc/net/tcp", "/proc/net/tcp6"]]);
    });

    it("works where there is no IPv6, so that cat fails with 1", async () => {
        const ports = await portsListening(dockerWith({ prints: tcp, exitCode: 1 }), "id");
        assert.deepEqual([...ports!], [46000]);
    });

    for (const exitCode of [126, 127]) {
        it(`reports that the image has no cat, which ends with ${exitCode}`, async () => {
            const prints = 'OCI runtime exec failed: exec: "cat": executable file not found in $PATH: unknown';
            await assert.rejects(portsListening(dockerWith({ prints, exitCode }), "id"), MissingCat);
        });

        it(`sees no port where the container is about to end, so that cat ends with ${exitCode}`, async () => {
            const prints = "OCI runtime exec failed: exec failed: cannot exec in a stopped container: unknown";
            assert.deepEqual(await portsListening(dockerWith({ prints, exitCode }), "id"), new Set());
        });
    }

    for (const statusCode of [404, 409, 500]) {
        it(`sees nothing in a container that is ending, by status ${statusCode}`, async () => {
            assert.equal(await portsListening(dockerWith({ statusCode }), "id"), undefined);
        });
    }

    it("fails with every other error of the daemon", async () => {
        await assert.rejects(portsListening(dockerWith({ statusCode: 403 }), "id"), { message: "no" });
    });
});
