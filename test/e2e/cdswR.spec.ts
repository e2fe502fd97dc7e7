import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "child_process";
import { engineImage } from "../../components";
import { toolEnvironment } from "./support/stack";

/** Runs a script of R in a container of the engine image: what it printed, both streams together. */
async function r(script: string, command = "exec Rscript /tmp/script.r"): Promise<string> {
    const shell = `cat > /tmp/script.r; exec 2>&1; ${command}`;
    const args = ["run", "--rm", "--interactive", "--network", "none", engineImage, "sh", "-c", shell];
    const { stdout, status } = spawnSync("docker", args, { env: await toolEnvironment(), input: script });
    assert.equal(status, 0, stdout.toString());
    return stdout.toString();
}

/** Runs a script of R as a master's, with agents beside it. */
function master(script: string, agents = 1): Promise<string> {
    const environment = `CDSW_MASTER_IP=127.0.0.1 CDSW_SESSION_KEY=${"ab".repeat(32)} CDSW_CPU_MILLICORES=500 CDSW_MEMORY_MB=512`;
    const agent = "cdsw-agent > /dev/null & ";
    return r(
        `library("cdsw")\n${script}`,
        `export ${environment}; ${agent.repeat(agents)} exec cdsw-launcher -- Rscript /tmp/script.r`,
    );
}

/** A client in the background, which sends a line and reads one. */
const client = `
greet <- function(port, after = 0) system2("bash", c("-c", shQuote(sprintf(
    "sleep %s; exec 3<>/dev/tcp/127.0.0.1/%d; echo hello >&3; read answer <&3", after, port
))), wait = FALSE)
listens <- function(port) any(grepl(sprintf(":%04X 0+:0000 0A", port), readLines("/proc/net/tcp")))
`;

describe("the R package cdsw", function () {
    this.timeout(60_000);

    it("is attached without a word", async () => {
        assert.equal(await r('library("cdsw")'), "");
    });

    it("launches code, waits for its end, lists and stops workers", async () => {
        const output = await master(`
            one <- launch.workers(n = 1, cpu = 0.1, memory = 0.1, code = "cat('in R\\n')")
            cat(await.workers(one)$workers[[1]]$status, "\\n")
            two <- launch.workers(n = 1, cpu = 0.1, memory = 0.1, code = "!sleep 60")
            cat(await.workers(two, wait_for_completion = FALSE)$workers[[1]]$status, "\\n")
            cat(await.workers(two[[1]]$id, timeout_seconds = 1)$failures[[1]]$status, "\\n")
            cat(stop.workers(list()) |> length(), stop.workers(two)[[1]]$status_code, "\\n")
            invisible(await.workers(two))
            cat(sapply(list.workers(), function(worker) worker$status), "\\n")
        `);
        assert.equal(output, "succeeded \nrunning \ntimedout \n0 200 \nsucceeded stopped \n");
    });

    it("hands variables to the work as they are, from a list or from a vector", async () => {
        const output = await master(String.raw`
            odd <- "a 'b' \"c\" \\ $HOME ${"`id`"} \u00e9\nd"
            told <- function(env) {
                work <- launch.workers(n = 1, cpu = 0.1, memory = 0.1, env = env, code = "cat(Sys.getenv('ODD'))")
                lines <- unlist(await.workers(work)$workers[[1]]$last_lines)
                identical(paste(lines, collapse = "\n"), as.character(env[["ODD"]]))
            }
            cat(told(list(ODD = odd)), told(c(ODD = odd)), told(list(ODD = 3)), "\n")
        `);
        assert.equal(output, "TRUE TRUE TRUE \n");
    });

    for (const [call, sentence] of [
        ["cpu = 4, memory = 0.1", /has 0\.5 cores: .* raise workers\.cpu/],
        ["cpu = c(1, 2), memory = 0.1", /^cpu has to be one value$/m],
        ['cpu = 0.1, memory = 0.1, env = "x"', /^env has to have one value for each name/m],
        ['cpu = 0.1, memory = 0.1, code = strrep("#", 2e5)', /put the code into a script of the project/],
    ] as const) {
        it(`turns a refusal into an error of R: ${call}`, async () => {
            const given = /code/.test(call) ? call : `${call}, code = "1"`;
            const script = `cat(tryCatch(launch.workers(n = 1, ${given}), error = conditionMessage), "\\n")`;
            assert.match((await master(script)).replace(/ \n$/, "\n"), sentence);
        });
    }

    it("says outside a session what is missing", async () => {
        const output = await r('library("cdsw"); cat(tryCatch(list.workers(), error = conditionMessage))');
        assert.match(output, /^This program runs outside a session, because CDSW_MASTER_IP is not set/);
    });
});

describe("socketConnection of the R package cdsw", function () {
    this.timeout(60_000);

    it("keeps the port of a server open between two connections, which R's own closes", async () => {
        const output = await r(`${client}
            serve <- function(socketConnection, port) {
                greet(port, 0.5)
                connection <- socketConnection(port = port, server = TRUE, blocking = TRUE, open = "r+", timeout = 20)
                writeLines(readLines(connection, 1), connection)
                close(connection)
                listens(port)
            }
            library("cdsw")
            cat(serve(base::socketConnection, 6000), serve(socketConnection, 6001), serve(socketConnection, 6001), "\\n")
        `);
        assert.match(output, /^FALSE TRUE TRUE $/m);
    });

    it("answers a client that came before the second call", async () => {
        const output = await r(`${client}
            library("cdsw")
            greet(6000, 0.5)
            for (i in 1:2) {
                connection <- socketConnection("0.0.0.0", 6000, TRUE, blocking = TRUE, open = "r+", timeout = 20)
                cat(readLines(connection, 1), "\\n")
                close(connection)
                if (i == 1) {
                    greet(6000)
                    Sys.sleep(1)
                }
            }
        `);
        assert.equal(output.match(/^hello $/gm)?.length, 2, output);
    });

    it("listens again after closeAllConnections()", async () => {
        const output = await r(`${client}
            library("cdsw")
            for (i in 1:2) {
                greet(6000, 0.5)
                connection <- socketConnection(port = 6000, server = TRUE, blocking = TRUE, open = "r+", timeout = 20)
                cat(readLines(connection, 1), "\\n")
                closeAllConnections()
                # Its number is another connection's now.
                other <- file("/dev/null")
            }
        `);
        assert.equal(output.match(/^hello $/gm)?.length, 2, output);
    });

    it("fails as R's own does: after the timeout, and where the port is taken", async () => {
        const output = await r(`
            library("cdsw")
            seconds <- system.time(late <- tryCatch(
                suppressWarnings(socketConnection(port = 6000, server = TRUE, timeout = 1)), error = conditionMessage
            ))[["elapsed"]]
            cat(late, seconds >= 0.9 && seconds < 5, "\\n")
            taken <- serverSocket(6001)
            cat(tryCatch(socketConnection(port = 6001, server = TRUE, timeout = 1), error = conditionMessage), "\\n")
        `);
        assert.equal(
            output,
            "cannot open the connection TRUE \ncreation of server socket failed: port 6001 cannot be opened \n",
        );
    });

    it("leaves clients and unopened connections to R's own", async () => {
        const output = await r(`
            library("cdsw")
            server <- serverSocket(6000)
            connection <- socketConnection(port = 6000, blocking = TRUE, open = "r+", timeout = 5)
            accepted <- socketAccept(server, open = "r+", blocking = TRUE)
            writeLines("from the server", accepted)
            cat(readLines(connection, 1), "\\n")
            unopened <- socketConnection(port = 6001, server = TRUE, open = "")
            cat(isOpen(unopened), identical(formals(socketConnection), formals(base::socketConnection)), "\\n")
        `);
        assert.equal(output, "from the server \nFALSE TRUE \n");
    });
});

describe("the engine image", function () {
    this.timeout(60_000);

    it("has in /opt/cdsw what an image of one's own installs", async () => {
        const args = ["run", "--rm", engineImage, "ls", "/opt/cdsw"];
        const files = execFileSync("docker", args, { env: await toolEnvironment() }).toString();
        assert.match(files, /^cdsw-[\d.]+-py3-none-any\.whl\ncdsw_[\d.]+\.tar\.gz\n$/);
    });
});
