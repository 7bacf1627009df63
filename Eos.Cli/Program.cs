using Eos.Cli;
using Eos.Cli.Render;

// One run of the client: Ctrl-C and SIGTERM cancel what goes on, which then cleans up behind itself.
using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stopping.Cancel();
};
using var giveUp = new Timer(_ => Environment.Exit(CommandLine.Terminated)); // somebody may sit at the prompt and type nothing
using var terminated = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    stopping.Cancel();
    giveUp.Change(TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
});

// the session is not disposed: an orderly end of its actor system would cost more than most commands
var terminal = Terminal.OfThisProcess();
var session = new Session(terminal, Connection.Open, Names.OfThisMachine);
var code = await new CommandLine(session).RunAsync(args, inShell: false, stopping.Token);
try
{
    await terminal.Out.FlushAsync();
}
catch (IOException)
{
    // nobody reads our output any more
}
return code;
