using Akka.Actor;
using Akka.Event;
using Xunit.Abstractions;

namespace Akka.TestKit.Xunit2.Internals;

/// <summary>Writes the system's log to the test's output.</summary>
public class TestOutputLogger : ReceiveActor
{
    public TestOutputLogger(ITestOutputHelper output)
    {
        Receive<LogEvent>(e => Write(output, e.ToString()));
        Receive<InitializeLogger>(_ =>
        {
            foreach (var kind in (Type[])[typeof(Debug), typeof(Info), typeof(Warning), typeof(Error)])
                Context.System.EventStream.Subscribe(Self, kind);
            Sender.Tell(new LoggerInitialized());
        });
    }

    private static void Write(ITestOutputHelper output, string line)
    {
        try
        {
            output.WriteLine(line);
        }
        catch (InvalidOperationException)
        {
            // the test is over, and nobody reads any more
        }
    }
}
