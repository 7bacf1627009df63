using Eos.Benchmarks;

switch (args.FirstOrDefault())
{
    case "remote":
        await RemoteBench.Run();
        return 0;
    case "file":
        await FileBench.Run(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 1024);
        return 0;
    default:
        Console.WriteLine("usage: eos-bench remote | file [MiB]");
        return 1;
}
