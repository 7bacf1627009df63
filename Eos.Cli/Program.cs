using Eos.Cli;
using Eos.Cli.Render;
using Eos.Cli.Shell;

// One run of the client: Ctrl-C and SIGTERM cancel what goes on, which then cleans up behind itself.
using var stopping = new CancellationTokenSource();
var terminal = Terminal.OfThisProcess();
var session = new Session(terminal, Connection.Open, Names.OfThisMachine) { Directory = WorkingDirectory.Load(WorkingDirectory.File) };
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = !stopping.IsCancellationRequested; // whoever asks twice waits for nothing
    if (!session.Interrupt()) stopping.Cancel();
};
using var giveUp = new Timer(_ => Environment.Exit(CommandLine.Terminated)); // somebody may sit at the prompt and type nothing
using var terminated = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    stopping.Cancel();
    giveUp.Change(TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
});

// the session is not disposed: an orderly end of its actor system would cost more than most commands. One that was cut off is: the gateway is told that nobody waits any more
if (Posix.WordsAreUnicode(args) is { } wrong) return Failure.Report(terminal, Form.Human, wrong);
var code = await new CommandLine(session).RunAsync(args, inShell: false, stopping.Token);
if (code == CommandLine.Interrupted) await Task.WhenAny(session.DisposeAsync().AsTask(), Task.Delay(TimeSpan.FromSeconds(2)));
try
{
    await terminal.Out.FlushAsync();
}
catch (IOException)
{
    // nobody reads our output any more
}
return code;
