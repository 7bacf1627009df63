using System.Runtime.InteropServices;
using Akka.Configuration;
using Eos.Host;
using Eos.Kernel;

try
{
    if (args is ["--help"] or ["-h"])
    {
        Console.WriteLine(HostOptions.Usage);
        return 0;
    }
    if (args is [RestoreCommand.Word, .. var words])
    {
        Console.WriteLine(await RestoreCommand.RunAsync(words));
        return 0;
    }
    var options = HostOptions.Parse(args);
    using var folder = DataFolder.Take(options.Data);
    using var stop = new CancellationTokenSource();
    using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    var node = new Node(options, folder);
    await node.TakePortAsync();
    var loop = new NodeLoop(node.Start, node.RestartPause, e => Console.Error.WriteLine($"the next incarnation could not start, will try again: {e.Message}"));
    var running = loop.Run(stop.Token);
    await await Task.WhenAny(running, node.Failed);
    await node.Closed;
    return 0;

    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stop.Cancel();
    }
}
catch (ConfigurationException e)
{
    Console.Error.WriteLine($"error: {e.Message} (errc=22) (Invalid argument)");
    Console.Error.WriteLine(HostOptions.Usage);
    return 22;
}
catch (EosException e)
{
    Console.Error.WriteLine($"error: {e.Message} (errc={(int)e.Why}) ({e.Why.Text()})");
    return (int)e.Why;
}
catch (Exception e)
{
    Console.Error.WriteLine($"error: the node could not start: {e.Message} (errc=5) (Input/output error)");
    return 5;
}
