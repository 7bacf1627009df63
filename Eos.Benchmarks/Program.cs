using Eos.Benchmarks;

switch (args.FirstOrDefault())
{
    case "remote":
        await RemoteBench.Run();
        return 0;
    default:
        Console.WriteLine("usage: eos-bench remote");
        return 1;
}
