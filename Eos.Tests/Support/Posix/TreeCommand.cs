using FsCheck;
using FsCheck.Fluent;

namespace Eos.Tests.Support.Posix;

internal enum TreeVerb
{
    MakeDirectory,
    RemoveDirectory,
    Touch,
    Remove,
    Rename,
    MakeLink,
    ChangeMode,
    ChangeOwner,
    SetAttribute,
    RemoveAttribute,
    List,
    Look,
}

/// <summary>One command on a small tree, as somebody.</summary>
/// <param name="Other">The second path of those that have one.</param>
internal sealed record TreeCommand(TreeVerb Verb, uint User, string Path, string Other, string Value)
{
    private static readonly string[] Names = ["a", "b", "c"];

    /// <summary>Few names, so that commands meet.</summary>
    private static Gen<string> Paths => Gen.Choose(1, 3).SelectMany(depth => Gen.ArrayOf(Gen.Elements(Names), depth)).Select(names => "/" + string.Join('/', names));

    public static Gen<TreeCommand> Any =>
        from verb in Gen.Frequency<TreeVerb>(
            (6, Gen.Constant(TreeVerb.MakeDirectory)), (2, Gen.Constant(TreeVerb.RemoveDirectory)), (4, Gen.Constant(TreeVerb.Touch)), (2, Gen.Constant(TreeVerb.Remove)),
            (5, Gen.Constant(TreeVerb.Rename)), (1, Gen.Constant(TreeVerb.MakeLink)), (2, Gen.Constant(TreeVerb.ChangeMode)), (1, Gen.Constant(TreeVerb.ChangeOwner)),
            (1, Gen.Constant(TreeVerb.SetAttribute)), (1, Gen.Constant(TreeVerb.RemoveAttribute)), (3, Gen.Constant(TreeVerb.List)), (2, Gen.Constant(TreeVerb.Look)))
        from user in Gen.Frequency<uint>((3, Gen.Constant(0u)), (2, Gen.Constant(4007u)), (1, Gen.Constant(4008u)))
        from path in Paths
        from other in Paths
        from value in verb == TreeVerb.ChangeMode ? Gen.Elements("777", "755", "700") : verb == TreeVerb.ChangeOwner ? Gen.Elements("4007", "4008", "0") : Gen.Elements("x", "y z")
        select new TreeCommand(verb, user, path, other, value);

    /// <summary>The words of the command line, below that directory.</summary>
    public string[] Words(string top) => ["-r", $"{User}", $"{User}", .. Verb switch
    {
        TreeVerb.MakeDirectory => (string[])["mkdir", top + Path],
        TreeVerb.RemoveDirectory => ["rmdir", top + Path],
        TreeVerb.Touch => ["touch", "-n", top + Path],
        TreeVerb.Remove => ["rm", top + Path],
        TreeVerb.Rename => ["file", "rename", top + Path, top + Other],
        TreeVerb.MakeLink => ["ln", top + Path, top + Other],
        TreeVerb.ChangeMode => ["chmod", Value, top + Path],
        TreeVerb.ChangeOwner => ["chown", Value, top + Path],
        TreeVerb.SetAttribute => ["attr", "set", $"user.k={Value}", top + Path],
        TreeVerb.RemoveAttribute => ["attr", "rm", "user.k", top + Path],
        TreeVerb.List => ["ls", top + Path],
        _ => ["stat", top + Path],
    }];

    public override string ToString() => string.Join(' ', Words(""));
}
