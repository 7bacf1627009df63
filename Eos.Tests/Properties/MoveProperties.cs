using Eos.Gateway;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Properties;

/// <summary>Many renamings at once, of files and of directories, over gateways and a mover that crash, and messages that are lost, come twice, and come late.</summary>
public class MoveProperties
{
    private const int Renamings = 24;

    [Fact]
    public void Renamings_that_are_cut_and_mixed_lose_nothing_and_make_no_circle() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => { Law(new Random(seed)); }));

    /// <summary>Where a recycle bin takes what is replaced, every file is somewhere for ever.</summary>
    [Fact]
    public void Files_that_are_replaced_are_in_the_recycle_bin() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => { Law(new Random(seed), replace: true); }));

    private static void Law(Random random, bool replace = false)
    {
        var eos = new NamespaceInMemory();
        if (replace) eos.Instance.Set(RecycleBin.Section, "enforce", "on");
        foreach (var path in (string[])["a/b/c", "a/d", "e/f", "g"]) eos.Must(h => new MakeDirectory(h, "/eos/dev/" + path, true, null));
        foreach (var path in (string[])["a/b/x", "a/y", "e/f/z", "u", "g/v"]) eos.Put("/eos/dev/" + path);
        var before = Shape(eos);

        var running = new List<IEnumerator<IFinal?>>();
        for (var begun = 0; begun < Renamings || running.Count > 0;)
        {
            if (begun < Renamings && (running.Count == 0 || random.Next(8) == 0))
            {
                begun++;
                running.Add(eos.Walk(Any(eos, random, replace)).GetEnumerator());
            }
            if (random.Next(3) == 0) eos.StepMover();
            if (random.Next(60) == 0) eos.CrashMover();
            if (random.Next(6) == 0) Late(eos, random);
            if (random.Next(20) == 0) eos.Now += TimeSpan.FromSeconds(random.Next(9));
            var one = running[random.Next(running.Count)];
            var lasts = one.MoveNext() && one.Current is null;
            if (!lasts || random.Next(80) == 0) running.Remove(one); // answered, or its gateway is gone
        }
        eos.Heal();
        eos.MustBeOneTree();
        Assert.Equal(before.Files, Shape(eos).Files);
        if (!replace) Assert.Equal(before.Directories, Shape(eos).Directories);
    }

    private static (int Files, int Directories) Shape(NamespaceInMemory eos)
    {
        var all = eos.Tree("", DirectoryId.Root).ToList();
        return (all.Count(e => !e.IsDirectory), all.Count(e => e.IsDirectory));
    }

    private static Rename Any(NamespaceInMemory eos, Random random, bool replace)
    {
        var all = eos.Tree("", DirectoryId.Root).Where(e => e.Path.StartsWith("/eos/dev/", StringComparison.Ordinal) && !e.Path.StartsWith("/eos/dev/proc", StringComparison.Ordinal)).ToList();
        var directories = all.Where(e => e.IsDirectory).Select(e => e.Path).Append("/eos/dev").ToList();
        var (from, isDirectory) = all[random.Next(all.Count)];
        var name = random.Next(2) == 0 ? from[(from.LastIndexOf('/') + 1)..] : $"n{random.Next(5)}";
        return new Rename(eos.Head(), from, $"{directories[random.Next(directories.Count)]}/{name}", replace && !isDirectory);
    }

    /// <summary>A message that was sent before comes again.</summary>
    private static void Late(NamespaceInMemory eos, Random random)
    {
        var old = eos.Told.TakeLast(200).OfType<DirectoryProtocol.ICommand>().Where(c => c is DirectoryProtocol.IMove).ToList();
        if (old.Count > 0) eos.Tell(old[random.Next(old.Count)]);
    }
}
